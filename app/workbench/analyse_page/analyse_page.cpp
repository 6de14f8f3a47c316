#include "app/workbench/analyse_page/analyse_page.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <cmath>

#include "app/workbench/analyse_page/analysis_data.h"
#include "app/workbench/analyse_page/linear_detail.h"
#include "app/workbench/analyse_page/run_maps.h"
#include "app/workbench/parts/export_button.h"
#include "widgets/card/card.h"
#include "widgets/empty_state/empty_state.h"
#include "widgets/plots/analysis_plots.h"
#include "widgets/plots/plot_canvas.h"
#include "widgets/range_control/range_control.h"
#include "widgets/text/number_text.h"

namespace quantoscope {
namespace {

constexpr int kCurveHeight = 240;
constexpr qsizetype kFirstRuns = 2;

}  // namespace

AnalysePage::AnalysePage(Session& session, QWidget* parent) : PageWidget(parent), session_(session) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    setFocusPolicy(Qt::ClickFocus);
    stack_ = new QStackedWidget(this);
    layout->addWidget(stack_);
    buildEmpty();
    content_ = new QWidget(this);
    auto* column = new QVBoxLayout(content_);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildBar());
    column->addWidget(buildBody(), 1);
    stack_->addWidget(empty_);
    stack_->addWidget(content_);
    buildInspector();
    connect(&session_.selection(), &SelectionModel::changed, this, &AnalysePage::showSelection);
    connect(&session_.runs(), &RunCatalog::changed, this, &AnalysePage::refresh);
    connect(&session_.layers(), &LayerStore::metricsChanged, this, &AnalysePage::refresh);
    connect(&session_.layers(), &LayerStore::recordReady, detail_, &LinearDetail::refresh);
    connect(&session_, &Session::baselineChanged, this, &AnalysePage::refresh);
    takeMetric();
}

QWidget* AnalysePage::firstView() const {
    return stack_->currentWidget() == content_ ? maps_->firstMap() : empty_->button();
}

void AnalysePage::buildEmpty() {
    empty_ = new EmptyState(QString(), QString(), QString(), this);
    empty_->setObjectName(QStringLiteral("analyse_empty"));
    connect(empty_, &EmptyState::actionTriggered, this, &AnalysePage::selectSome);
}

QWidget* AnalysePage::buildBar() {
    auto* bar = new QWidget(content_);
    bar->setProperty("role", QStringLiteral("bar"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(kCardPadding, 6, kCardPadding, 6);
    buildMetric(bar);
    scale_ = new QComboBox(bar);
    scale_->setObjectName(QStringLiteral("scale"));
    scale_->setAccessibleName(tr("Scale of the colours"));
    scale_->addItems({tr("linear"), tr("log")});
    changes_ = new QPushButton(tr("Δ pin"), bar);
    changes_->setObjectName(QStringLiteral("map_changes"));
    changes_->setAccessibleName(tr("Show changes to the pinned baseline"));
    changes_->setCheckable(true);
    range_ = new RangeControl(bar);
    range_->setObjectName(QStringLiteral("range"));
    auto* metric_label = new QLabel(tr("&Metric"), bar);
    metric_label->setBuddy(metric_);
    auto* scale_label = new QLabel(tr("&Scale"), bar);
    scale_label->setBuddy(scale_);
    for (QWidget* part :
         {static_cast<QWidget*>(metric_label), static_cast<QWidget*>(metric_), static_cast<QWidget*>(scale_label),
          static_cast<QWidget*>(scale_), static_cast<QWidget*>(changes_)})
        row->addWidget(part);
    row->addWidget(range_, 1);
    connectBar();
    return bar;
}

void AnalysePage::buildMetric(QWidget* bar) {
    metric_ = new QComboBox(bar);
    metric_->setObjectName(QStringLiteral("metric"));
    metric_->setAccessibleName(tr("Metric"));
    for (const auto& metric : linearMetrics()) {
        metric_->addItem(QString::fromStdString(metric.label), QString::fromStdString(metric.id));
        metric_->setItemData(metric_->count() - 1, QString::fromStdString(metric.definition), Qt::ToolTipRole);
    }
    const int first = metric_->findData(QStringLiteral("relative_output_error"));
    metric_->setCurrentIndex(std::max(0, first));
    metric_->setMinimumWidth(110);  // a narrow window takes from the long names first
}

void AnalysePage::connectBar() {
    connect(metric_, &QComboBox::currentIndexChanged, this, &AnalysePage::takeMetric);
    connect(metric_, &QComboBox::activated, this, [this] { metric_chosen_ = true; });
    connect(scale_, &QComboBox::currentIndexChanged, this, &AnalysePage::refresh);
    connect(changes_, &QPushButton::toggled, this, &AnalysePage::refresh);
    connect(range_, &RangeControl::rangeChanged, this, [this](const ValueRange& range) { maps_->setRange(range); });
    connect(range_, &RangeControl::lockChanged, this, [this](bool locked) { maps_->setRangeLocked(locked); });
}

QWidget* AnalysePage::buildBody() {
    auto* scroll = new QScrollArea(content_);
    scroll->setObjectName(QStringLiteral("analyse_scroll"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* body = new QWidget(scroll);
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(kCardPadding, kCardPadding, kCardPadding, kCardPadding);
    column->setSpacing(kCardPadding);
    maps_ = new RunMaps(session_, body);
    curve_ = new PlotCanvas(body);
    curve_->setObjectName(QStringLiteral("block_curve"));
    curve_card_ = new Card(tr("Along the blocks"), body);
    curve_card_->setBody(curve_);
    curve_card_->setMinimumHeight(kCurveHeight);
    addExportButton(
        *curve_card_, QStringLiteral("export_curve"), curve_,
        [this] {
            return ExportCaption{session_.models().current() ? session_.models().current()->name : QString(), {}, {}};
        },
        [this](const Error& error) { emit session_.failed(error); });
    detail_ = new LinearDetail(session_, body);
    column->addWidget(maps_);
    column->addWidget(curve_card_);
    column->addWidget(detail_);
    column->addStretch(1);
    scroll->setWidget(body);
    connect(curve_, &PlotCanvas::positionClicked, this, [this](double x) {
        const auto& selection = session_.selection().current();
        if (std::isfinite(x))
            session_.selection().selectLinear(std::max(0, static_cast<int>(std::lround(x))),
                                              selection.linear.value_or(LinearRole::down_proj));
    });
    return scroll;
}

void AnalysePage::buildInspector() {
    inspector_ = new QWidget;
    auto* layout = new QVBoxLayout(inspector_);
    layout->setContentsMargins(kCardPadding, kCardPadding, kCardPadding, kCardPadding);
    facts_ = new FactList(inspector_);
    layout->addWidget(facts_);
    layout->addStretch(1);
}

const MetricDescription& AnalysePage::metric() const {
    return linearMetrics()[static_cast<std::size_t>(std::max(0, metric_->currentIndex()))];
}

ScaleKind AnalysePage::scale() const {
    return scale_->currentIndex() == 1 ? ScaleKind::logarithmic : ScaleKind::linear;
}

void AnalysePage::takeMetric() {
    metric_->setToolTip(QString::fromStdString(metric().definition));
    range_->setUnit(QString::fromStdString(metric().unit));
    const QSignalBlocker blocker(scale_);
    scale_->setCurrentIndex(metric().logarithmic ? 1 : 0);
    refresh();
}

void AnalysePage::refresh() {
    chooseMeasured();
    shown_ = session_.selection().current();
    const bool any_run = !session_.runs().folders().empty();
    empty_->setText(any_run ? tr("No run selected") : tr("Nothing to analyse yet"),
                    any_run
                        ? tr("Select one or more runs in the Explorer; two or more are compared.")
                        : tr("Maps of what quantization did to every layer appear here, live, while a pipeline runs."),
                    any_run ? tr("Show the newest runs") : tr("Set up a pipeline"));
    refreshContent();
    maps_->setMetric(metric(), scale(), changes_->isChecked() ? MapContent::change : MapContent::values);
    range_->setColourMap(maps_->shownMetric().is_signed ? ColourMap::diverging : ColourMap::viridis);
    stack_->setCurrentWidget(maps_->runs().empty() ? static_cast<QWidget*>(empty_) : content_);
    refreshRange();
    refreshCurve();
    refreshFacts();
    detail_->refresh();
}

bool AnalysePage::isMeasured(int metric_index) const {
    const auto& id = linearMetrics()[static_cast<std::size_t>(metric_index)].id;
    for (const auto& run : session_.selection().current().runs) {
        const auto metrics = session_.layers().metrics(run);
        if (!metrics || metrics->blocks.empty()) return true;  // not known yet
        for (const auto& linear : metrics->blocks.begin()->second)
            if (linear.contains(id)) return true;
    }
    return false;
}

void AnalysePage::chooseMeasured() {
    const auto wanted = std::max(0, metric_->findData(QStringLiteral("relative_output_error")));
    const auto instead = std::max(0, metric_->findData(QStringLiteral("relative_weight_error")));
    if (metric_->currentIndex() != wanted || metric_chosen_ || isMeasured(wanted) || !isMeasured(instead)) return;
    const QSignalBlocker blocker(metric_);
    metric_->setCurrentIndex(instead);
    takeMetric();
}

void AnalysePage::refreshContent() {
    const bool can = maps_->hasBaseline();
    changes_->setEnabled(can);
    changes_->setToolTip(can ? tr("Maps and curves show the difference to the pinned run")
                             : tr("Pin a run in the Explorer to see differences to it"));
    const QSignalBlocker blocker(changes_);
    if (!can) changes_->setChecked(false);
    scale_->setEnabled(!changes_->isChecked());
}

void AnalysePage::refreshRange() {
    const auto values = maps_->values();
    if (values.empty()) return;
    range_->setValues(values, changes_->isChecked() ? ScaleKind::linear : scale());
    maps_->setRange(range_->range());
}

void AnalysePage::refreshCurve() {
    std::vector<RunCurve> curves;
    for (const auto& run : maps_->runs())
        if (const auto* entry = session_.runs().find(run))
            curves.push_back(
                {run.text(), runLabel(entry->info), runColour(entry->info, tokensOf(this)), maps_->shownOf(run)});
    const auto& selection = session_.selection().current();
    const std::optional<int> row = selection.linear ? std::optional(static_cast<int>(*selection.linear)) : std::nullopt;
    const auto shown_scale = changes_->isChecked() ? ScaleKind::linear : scale();
    auto spec = layerCurveSpec(curves, maps_->shownMetric(), row, shown_scale);
    if (!isMeasured(std::max(0, metric_->currentIndex())))
        spec.empty_text =
            tr("Not measured in this run: output errors need a calibration text. Choose another metric above.");
    curve_->setSpec(spec);
    curve_->setMark(selection.block >= 0 ? std::optional<double>(selection.block) : std::nullopt);
    curve_card_->setDetail(selection.linear ? QString::fromUtf8(linearName(*selection.linear).data())
                                            : tr("mean of the linears"));
}

void AnalysePage::refreshFacts() {
    const auto& selection = session_.selection().current();
    const auto* run = selection.runs.isEmpty() ? nullptr : session_.runs().find(selection.runs.first());
    if (run == nullptr || !selection.hasLinear()) {
        facts_->setContents(run != nullptr ? runLabel(run->info) : QString(),
                            tr("Click a cell of a map to see the numbers of its linear."), {});
        return;
    }
    const auto block_of = [&](const RunKey& key) -> const BlockMetrics* {
        const auto metrics = session_.layers().metrics(key);
        if (!metrics) return nullptr;
        const auto found = metrics->blocks.find(selection.block);
        return found == metrics->blocks.end() ? nullptr : &found->second;
    };
    const auto& baseline = session_.baseline();
    facts_->setContents(
        cellName({selection.block, static_cast<int>(*selection.linear)}), runLabel(run->info),
        linearFacts(block_of(run->key), baseline.isNull() || baseline == run->key ? nullptr : block_of(baseline),
                    *selection.linear));
}

void AnalysePage::showSelection() {
    // The maps follow a cell by themselves; only other runs mean other maps.
    const Selection before = std::exchange(shown_, session_.selection().current());
    if (shown_.runs != before.runs) return refresh();
    if (shown_.block == before.block && shown_.linear == before.linear) return detail_->showPlace();
    refreshCurve();
    refreshFacts();
    detail_->refresh();
}

void AnalysePage::selectSome() {
    QList<RunKey> keys;
    const auto& folders = session_.runs().folders();
    if (folders.empty()) {
        emit pipelineWanted();
        return;
    }
    for (const auto& run : folders.back().runs)
        if (!run.isOriginal() && keys.size() < kFirstRuns) keys.append(run.key);
    session_.selection().selectRuns(keys);
}

}  // namespace quantoscope
