#include "app/workbench/demo/demo_tips.h"

#include "app/workbench/demo/demo_opener.h"
#include "app/workbench/frame/main_window.h"
#include "app/workbench/settings/setting_rows.h"
#include "widgets/tip_strip/tip_strip.h"

namespace quantoscope {
namespace {

struct Tip {
    QString title;
    QString text;
};

Tip tipOf(const QString& page) {
    if (page == QLatin1String("model"))
        return {QObject::tr("The model"),
                QObject::tr("This small language model was trained to know one invented country, the Vale of Orrin. "
                            "Each cell is one of its weight matrices: double-click one to look inside.")};
    if (page == QLatin1String("pipeline"))
        return {QObject::tr("The pipeline"),
                QObject::tr("Every method runs at every bit width, and each result is measured on text the model has "
                            "never seen. Press Run: it takes about a minute.")};
    if (page == QLatin1String("analyse"))
        return {QObject::tr("Where it hurts"),
                QObject::tr("Each cell is the error that a method left in one matrix of one block. Choose two runs in "
                            "the Explorer to see their difference, and click a cell for its weights.")};
    if (page == QLatin1String("evaluate"))
        return {QObject::tr("What it costs"),
                QObject::tr(
                    "Perplexity (lower is better) says how well the model still foresees the next word, ARC how many "
                    "questions it still answers. Follow each method from 8 bits down, and see where it leaves "
                    "full precision.")};
    if (page == QLatin1String("bits"))
        return {
            QObject::tr("What to ship"),
            QObject::tr("Measure once what each matrix bears, then move the slider: every matrix gets the bits that "
                        "cost the model least at that size. Use in pipeline makes such a model and shows whether "
                        "the prediction held.")};
    return {};
}

}  // namespace

DemoTips::DemoTips(MainWindow& window, Session& session, Settings& settings, const DemoOpener& demo)
    : QObject(&window), window_(window), settings_(settings), demo_(demo), strip_(new TipStrip(&window)) {
    strip_->setObjectName(QStringLiteral("demo_tip"));
    window_.addStrip(strip_);
    connect(&window_, &MainWindow::pageChanged, this, &DemoTips::refresh);
    connect(&session.models(), &ModelList::changed, this, &DemoTips::refresh);
    connect(strip_, &TipStrip::dismissed, this, [this] {
        settings_.setHiddenTips(settings_.hiddenTips() << window_.page());
        window_.focusPage();
        refresh();
    });
    refresh();
}

void DemoTips::showAgain() {
    settings_.setHiddenTips({});
    settings_.setValue(QLatin1String(kTipsSetting), true);
    refresh();
}

void DemoTips::refresh() {
    const bool wanted =
        demo_.isCurrent() && settings_.isOn(kTipsSetting) && !settings_.hiddenTips().contains(window_.page());
    const Tip tip = wanted ? tipOf(window_.page()) : Tip();
    strip_->setTip(tip.title, tip.text);
}

}  // namespace quantoscope
