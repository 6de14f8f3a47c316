#include "app/workbench/bits_page/bits_page.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QSlider>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "app/workbench/bits_page/bits_commands.h"
#include "app/workbench/bits_page/bits_texts.h"
#include "app/workbench/parts/export_button.h"
#include "core/pipeline/mixed_recipe.h"
#include "widgets/bits_map/brush_bar.h"
#include "widgets/card/card.h"
#include "widgets/empty_state/empty_state.h"
#include "widgets/plots/plot_canvas.h"
#include "widgets/theme/tokens.h"

namespace quantoscope {
namespace {

constexpr double kSliderSteps = 1000.0;

}  // namespace

BitsPage::BitsPage(Session& session, QWidget* parent) : PageWidget(parent), session_(session), study_(this) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    setFocusPolicy(Qt::ClickFocus);
    layout->addWidget(buildBar());
    stack_ = new QStackedWidget(this);
    layout->addWidget(stack_, 1);
    empty_ = new EmptyState(QString(), QString(), QString(), this);
    empty_->setObjectName(QStringLiteral("bits_empty"));
    stack_->addWidget(empty_);
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(buildChart());
    splitter->addWidget(buildMap());
    stack_->addWidget(padded(splitter));
    buildInspector();
    connectStudy();
    fillSweeps();
}

QWidget* BitsPage::firstView() const {
    return stack_->currentWidget() == empty_ ? static_cast<QWidget*>(empty_->button()) : slider_;
}

QWidget* BitsPage::buildBar() {
    auto* bar = new QWidget(this);
    bar->setProperty("role", QStringLiteral("bar"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(kCardPadding, 6, kCardPadding, 6);
    sweep_ = new QComboBox(bar);
    sweep_->setObjectName(QStringLiteral("bits_sweep"));
    sweep_->setAccessibleName(tr("Runs of one method at several widths"));
    sweep_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    clear_ = new QPushButton(tr("Clear what was set by hand"), bar);
    clear_->setObjectName(QStringLiteral("bits_clear"));
    use_ = new QPushButton(tr("&Use in pipeline →"), bar);
    use_->setObjectName(QStringLiteral("bits_use"));
    use_->setProperty("primary", true);
    use_->setToolTip(tr("Makes a pipeline of one run with these bits"));
    row->addWidget(sweep_);
    row->addStretch(1);
    row->addWidget(clear_);
    row->addWidget(use_);
    connect(sweep_, &QComboBox::activated, this, &BitsPage::openChosen);
    connect(clear_, &QPushButton::clicked, this, &BitsPage::clearBits);
    connect(use_, &QPushButton::clicked, this, &BitsPage::useInPipeline);
    return bar;
}

QWidget* BitsPage::buildChart() {
    chart_card_ = new Card(tr("Loss against size"), this);
    auto* body = new QWidget(chart_card_);
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(0, 0, 0, 0);
    chart_ = new PlotCanvas(body);
    chart_->setObjectName(QStringLiteral("bits_chart"));
    column->addWidget(chart_, 1);
    column->addWidget(buildSize());
    chart_card_->setBody(body);
    addExportButton(
        *chart_card_, QStringLiteral("export_bits_chart"), chart_,
        [this] { return ExportCaption{study_.sweep().label, {}, study_.folder().section(QLatin1Char('/'), -1)}; },
        [this](const Error& error) { emit session_.failed(error); });
    connect(chart_, &PlotCanvas::positionClicked, this, &BitsPage::setSize);
    return chart_card_;
}

QWidget* BitsPage::buildSize() {
    auto* line = new QWidget(chart_card_);
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    auto* label = new QLabel(tr("&Size"), line);
    slider_ = new QSlider(Qt::Horizontal, line);
    slider_->setObjectName(QStringLiteral("bits_slider"));
    slider_->setAccessibleName(tr("Size in bits per weight"));
    slider_->setRange(0, static_cast<int>(kSliderSteps));
    spin_ = new QDoubleSpinBox(line);
    spin_->setObjectName(QStringLiteral("bits_spin"));
    spin_->setAccessibleName(tr("Size in bits per weight"));
    spin_->setButtonSymbols(QAbstractSpinBox::NoButtons);
    spin_->setDecimals(2);
    spin_->setSingleStep(0.05);
    spin_->setSuffix(tr(" bits per weight"));
    spin_->setKeyboardTracking(false);
    label->setBuddy(spin_);
    size_ = new QLabel(line);
    size_->setObjectName(QStringLiteral("bits_size"));
    size_->setProperty("role", QStringLiteral("muted"));
    row->addWidget(label);
    row->addWidget(slider_, 1);
    row->addWidget(spin_);
    row->addWidget(size_);
    connect(slider_, &QSlider::valueChanged, this, [this](int value) {
        const auto sizes = study_.sizes();
        if (!filling_) setSize(sizes.low + (sizes.high - sizes.low) * value / kSliderSteps);
    });
    connect(spin_, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        if (!filling_) setSize(value);
    });
    return line;
}

QWidget* BitsPage::buildMap() {
    map_card_ = new Card(tr("Bits of every linear"), this);
    map_ = new BitsMap(map_card_);
    map_->setObjectName(QStringLiteral("bits_map"));
    map_->setTitle(tr("Bits of every linear"));
    map_card_->setBody(map_);
    brushes_ = new BrushBar(tr("Auto"), tr("Paint: leave these linears to the solver"), map_card_);
    map_card_->addHeaderWidget(brushes_);
    connect(brushes_, &BrushBar::brushChosen, map_, &BitsMap::setBrush);
    addExportButton(
        *map_card_, QStringLiteral("export_bits_map"), map_,
        [this] { return ExportCaption{study_.sweep().label, {}, study_.folder().section(QLatin1Char('/'), -1)}; },
        [this](const Error& error) { emit session_.failed(error); });
    map_->setToolTipText([this](HeatmapCell cell) { return linearToolTip(study_, cell); });
    connect(map_, &BitsMap::painted, this, &BitsPage::setBits);
    connect(map_, &BitsMap::cellSelected, this, &BitsPage::refreshFacts);
    return map_card_;
}

void BitsPage::buildInspector() {
    inspector_ = new QWidget;
    auto* layout = new QVBoxLayout(inspector_);
    layout->setContentsMargins(kCardPadding, kCardPadding, kCardPadding, kCardPadding);
    facts_ = new FactList(inspector_);
    layout->addWidget(facts_);
    layout->addStretch(1);
}

void BitsPage::connectStudy() {
    connect(&study_, &BitsStudy::changed, this, &BitsPage::refresh);
    connect(&study_, &BitsStudy::assignedChanged, this, &BitsPage::refreshAssigned);
    connect(&session_.runs(), &RunCatalog::changed, this, &BitsPage::fillSweeps);
    connect(empty_, &EmptyState::actionTriggered, this, &BitsPage::act);
    connect(&session_.jobs(), &JobQueue::changed, this, &BitsPage::refreshEmpty);
    connect(&session_.jobs(), &JobQueue::finished, this, [this](int id) {
        const auto* job = session_.jobs().find(id);
        if (job != nullptr && job->request.run_folder == study_.folder()) openChosen();
    });
}

void BitsPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    openWhenSeen();
}

bool BitsPage::isMeasuring() const {
    return std::ranges::any_of(session_.jobs().jobs(), [this](const Job& job) {
        return !job.isOver() && job.request.run_folder == study_.folder() &&
               job.request.arguments.value(0) == QLatin1String("sensitivity");
    });
}

void BitsPage::refresh() {
    const bool ready = study_.state() == BitsStudy::State::ready;
    stack_->setCurrentIndex(ready ? 1 : 0);
    refreshEmpty();
    if (ready) {
        brushes_->setWidths(study_.sensitivity()->widths);
        map_->setWidths(study_.sensitivity()->widths);
    }
    use_->setEnabled(ready && study_.assigned());
    clear_->setVisible(ready && study_.hasPins());
    refreshFacts();
}

void BitsPage::refreshEmpty() {
    if (stack_->currentWidget() != empty_) return;
    switch (study_.state()) {
        case BitsStudy::State::nothing:
            return empty_->setText(
                tr("Bits for a size"),
                tr("Run one method at several bit widths. Here you then choose a size, and every linear gets the bits "
                   "that cost the model least."),
                tr("Set up a pipeline"));
        case BitsStudy::State::reading:
            return empty_->setText(tr("Reading…"), QString(), QString());
        case BitsStudy::State::unmeasured:
            return empty_->setText(
                tr("What does each linear bear?"),
                isMeasuring() ? tr("Every linear is being quantized alone. The Jobs strip below says how far it is.")
                              : tr("To choose bits, Quantoscope quantizes every linear of %1 alone and compares the "
                                   "model's predictions with the original's.")
                                    .arg(study_.sweep().label),
                isMeasuring() ? QString() : tr("Measure the linears"));
        case BitsStudy::State::failed:
            return empty_->setText(tr("This sweep cannot be used"), QString::fromStdString(study_.problem().message),
                                   QString());
        case BitsStudy::State::ready:
            break;
    }
}

void BitsPage::refreshAssigned() {
    use_->setEnabled(study_.state() == BitsStudy::State::ready && study_.assigned());
    chart_->setSpec(bitsChartSpec(study_, tokensOf(this)));
    chart_->setMark(study_.bitsPerWeight());
    map_->setData(study_.map());
    map_card_->setDetail(study_.sweep().label);
    size_->setText(sizeText(study_));
    clear_->setVisible(study_.hasPins());
    refreshSizes();
    refreshFacts();
}

void BitsPage::refreshSizes() {
    const QScopedValueRollback guard(filling_, true);
    const auto sizes = study_.sizes();
    const double wanted = std::clamp(study_.wantedBitsPerWeight(), sizes.low, sizes.high);
    spin_->setRange(std::floor(sizes.low * 100.0) / 100.0, std::ceil(sizes.high * 100.0) / 100.0);
    spin_->setValue(wanted);
    const double span = std::max(sizes.high - sizes.low, 1e-9);
    slider_->setValue(static_cast<int>(std::lround((wanted - sizes.low) / span * kSliderSteps)));
}

void BitsPage::refreshFacts() {
    if (study_.state() != BitsStudy::State::ready || !study_.assigned())
        return facts_->setContents({}, tr("Bits of single linears, and what they cost, appear here."), {});
    const auto cell = map_->selected();
    if (cell) return facts_->setContents(cellName(*cell), study_.sweep().label, linearBitsFacts(study_, *cell));
    facts_->setContents(study_.sweep().label, tr("Click a linear of the map to see what it costs at each width."),
                        predictedFacts(study_));
}

void BitsPage::act() {
    if (study_.state() == BitsStudy::State::nothing) return emit pipelineWanted();
    if (study_.state() == BitsStudy::State::unmeasured) measure();
}

void BitsPage::measure() {
    JobRequest request;
    request.title = tr("Measure the linears of %1").arg(study_.sweep().label);
    request.run_folder = study_.folder();
    request.arguments = {QStringLiteral("sensitivity"), study_.folder(), QStringLiteral("--configuration"),
                         study_.sweep().measured_best};
    session_.jobs().add(request);
}

void BitsPage::setSize(double bits_per_weight) {
    auto after = study_.decisions();
    if (study_.state() != BitsStudy::State::ready || bits_per_weight == after.wanted) return;
    after.wanted = bits_per_weight;
    const auto label = tr("%1 bits per weight").arg(bits_per_weight, 0, 'f', 2);
    session_.pipeline().undoStack().push(new BitsCommand(study_, std::move(after), label, true));
}

void BitsPage::setBits(const QList<HeatmapCell>& cells, std::optional<std::int64_t> bits) {
    if (study_.state() != BitsStudy::State::ready || cells.isEmpty()) return;
    auto after = study_.decisions().withPins(cells, bits);
    if (after == study_.decisions()) return;  // nothing to undo
    const QString where = cells.size() == 1 ? cellName(cells.first()) : tr("%1 linears").arg(cells.size());
    session_.pipeline().undoStack().push(new BitsCommand(study_, std::move(after), tr("Bits of %1").arg(where), false));
}

void BitsPage::clearBits() {
    session_.pipeline().undoStack().push(
        new BitsCommand(study_, study_.decisions().withoutPins(), tr("Clear what was set by hand"), false));
}

void BitsPage::useInPipeline() {
    if (study_.recipe() == nullptr || !study_.assigned()) return;
    session_.pipeline().replace(mixedRecipe(*study_.recipe(), *study_.sensitivity(), *study_.assigned()),
                                tr("Bits for %1 bits per weight").arg(study_.bitsPerWeight(), 0, 'f', 2));
    emit pipelineWanted();
}

}  // namespace quantoscope
