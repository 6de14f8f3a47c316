#include "app/workbench/analyse_page/run_maps.h"

#include <QGridLayout>
#include <algorithm>

#include "app/workbench/analyse_page/analysis_data.h"
#include "app/workbench/parts/export_button.h"
#include "widgets/card/card.h"
#include "widgets/heatmap/heatmap_view.h"

namespace quantoscope {
namespace {

constexpr qsizetype kMostMaps = 4;
constexpr int kWideMap = 420;  // enough for title, note and Export in one line

MetricDescription signedMetric(MetricDescription metric) {
    metric.is_signed = true;
    metric.logarithmic = false;
    return metric;
}

}  // namespace

RunMaps::RunMaps(Session& session, QWidget* parent) : QWidget(parent), session_(session) {
    grid_ = new QGridLayout(this);
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setSpacing(kCardPadding);
    difference_ = new HeatmapView(this);
    difference_->setObjectName(QStringLiteral("difference_map"));
    difference_card_ = new Card(tr("Difference"), this);
    difference_card_->setBody(difference_);
    addExportButton(
        *difference_card_, QStringLiteral("export_difference"), difference_,
        [this] { return maps_.empty() ? ExportCaption() : runCaption(session_, maps_.front().run); },
        [this](const Error& error) { emit session_.failed(error); });
    wire(*difference_);
    connect(&session_.selection(), &SelectionModel::changed, this, &RunMaps::showSelection);
}

void RunMaps::wire(HeatmapView& view) {
    connect(&view, &HeatmapView::cellSelected, this, [this](HeatmapCell cell) {
        session_.selection().selectLinear(cell.block, kLinearRoles[static_cast<std::size_t>(cell.row)]);
    });
    connect(&view, &HeatmapView::selectionCleared, this, [this] {
        Selection next;
        next.runs = session_.selection().current().runs;
        session_.selection().select(next);
    });
}

RunMaps::Map RunMaps::makeMap(const RunKey& run) {
    Map map{run, nullptr, nullptr};
    map.card = new Card(QString(), this);
    map.view = new HeatmapView(map.card);
    map.view->setObjectName(QStringLiteral("run_map_") + run.configuration);
    map.card->setBody(map.view);
    addExportButton(
        *map.card, QStringLiteral("export_map_") + run.configuration, map.view,
        [this, run] { return runCaption(session_, run); }, [this](const Error& error) { emit session_.failed(error); });
    wire(*map.view);
    return map;
}

void RunMaps::setMetric(const MetricDescription& metric, ScaleKind scale, MapContent content) {
    metric_ = metric;
    content_ = hasBaseline() ? content : MapContent::values;
    shown_metric_ = metric;
    scale_ = scale;
    if (content_ == MapContent::change) {
        shown_metric_ = signedMetric(metric);
        shown_metric_.label = "Change of " + metric.label;
        scale_ = ScaleKind::linear;
    }
    refresh();
}

void RunMaps::setRange(const ValueRange& range) {
    for (const auto& map : maps_) map.view->setRange(range);
}

void RunMaps::setRangeLocked(bool locked) {
    range_locked_ = locked;
    locked_difference_.reset();
    showDifference();
}

std::vector<RunKey> RunMaps::runs() const {
    std::vector<RunKey> keys;
    keys.reserve(maps_.size());
    for (const auto& map : maps_) keys.push_back(map.run);
    return keys;
}

QWidget* RunMaps::firstMap() const {
    return maps_.empty() ? nullptr : maps_.front().view;
}

HeatmapData RunMaps::dataOf(const RunKey& run) const {
    const auto* entry = session_.runs().find(run);
    return heatmapOf(session_.layers().metrics(run).get(), entry != nullptr ? entry->info.block_count : 0, metric_.id);
}

bool RunMaps::hasBaseline() const {
    return !session_.baseline().isNull() && session_.layers().metrics(session_.baseline()) != nullptr;
}

HeatmapData RunMaps::shownOf(const RunKey& run) const {
    return content_ == MapContent::values ? dataOf(run) : difference(dataOf(run), dataOf(session_.baseline()));
}

std::vector<double> RunMaps::values() const {
    std::vector<double> all;
    for (const auto& map : maps_) {
        const auto present = map.view->data().present();
        all.insert(all.end(), present.begin(), present.end());
    }
    return all;
}

void RunMaps::refresh() {
    std::vector<RunKey> wanted;
    for (const auto& run : session_.selection().current().runs.mid(0, kMostMaps)) {
        const auto* entry = session_.runs().find(run);
        if (entry != nullptr && !entry->isOriginal()) wanted.push_back(run);
    }
    if (wanted != runs()) {
        for (const auto& map : maps_) map.card->deleteLater();
        maps_.clear();
        for (const auto& run : wanted) maps_.push_back(makeMap(run));
        layOut();
    }
    for (const auto& map : maps_) showMap(map);
    showDifference();
    showSelection();
}

void RunMaps::layOut() {
    while (grid_->count() > 0) delete grid_->takeAt(0);
    columns_ = columnsFor(width());
    int place = 0;
    for (const auto& map : maps_) {
        grid_->addWidget(map.card, place / columns_, place % columns_);
        map.card->show();
        ++place;
    }
    difference_card_->setVisible(maps_.size() >= 2);
    // The last card of the grid takes what is left of its row.
    if (maps_.size() >= 2)
        grid_->addWidget(difference_card_, place / columns_, place % columns_, 1, columns_ - place % columns_);
    constexpr int kMostColumns = 3;
    for (int column = 0; column < kMostColumns; ++column) grid_->setColumnStretch(column, column < columns_ ? 1 : 0);
}

int RunMaps::columnsFor(int width) const {
    if (maps_.size() < 2) return 1;
    return width >= 3 * kWideMap ? 3 : 2;
}

void RunMaps::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (!maps_.empty() && columnsFor(width()) != columns_) layOut();
}

void RunMaps::showMap(const Map& map) {
    const auto* entry = session_.runs().find(map.run);
    if (entry == nullptr) return;
    const auto shown = shownOf(map.run);
    const bool pinned = hasBaseline() && session_.baseline() != map.run;
    const auto baseline = pinned ? std::optional(dataOf(session_.baseline())) : std::nullopt;
    map.card->setTitle(runLabel(entry->info));
    map.card->setTopEdge(runColour(entry->info, tokensOf(this)));
    map.card->setNote(mapNote(*entry, dataOf(map.run), metric_, baseline ? &*baseline : nullptr));
    map.view->setTitle(runLabel(entry->info));
    map.view->setMetric(shown_metric_);
    map.view->setScale(scale_);
    map.view->setData(shown);
    map.view->setPinned(content_ == MapContent::values ? baseline : std::nullopt);
}

void RunMaps::showDifference() {
    if (maps_.size() < 2) return;
    const auto* a = session_.runs().find(maps_[0].run);
    const auto* b = session_.runs().find(maps_[1].run);
    if (a == nullptr || b == nullptr) return;
    const QString title = QStringLiteral("%1 − %2").arg(runLabel(a->info), runLabel(b->info));
    difference_card_->setDetail(title);
    difference_card_->setNote(metric_.lower_is_better ? tr("< 0: the first is better")
                                                      : tr("> 0: the first is better"));
    difference_->setTitle(title);
    difference_->setMetric(signedMetric(metric_));
    difference_->setScale(ScaleKind::linear);
    difference_->setColourMap(ColourMap::diverging);
    difference_->setData(difference(dataOf(maps_[0].run), dataOf(maps_[1].run)));
    // The first range seen under the lock is the one that stays: data, metric and runs may change below it.
    if (range_locked_ && !locked_difference_ && !difference_->data().present().empty()) {
        difference_->setRange(std::nullopt);
        locked_difference_ = difference_->effectiveRange();
    }
    difference_->setRange(locked_difference_);
}

void RunMaps::showSelection() {
    const auto& selection = session_.selection().current();
    std::optional<HeatmapCell> cell;
    if (selection.hasLinear()) cell = HeatmapCell{selection.block, static_cast<int>(*selection.linear)};
    for (const auto& map : maps_) map.view->setSelected(cell);
    difference_->setSelected(cell);
}

}  // namespace quantoscope
