#include "app/workbench/pipeline_page/layer_bits_card.h"

#include <QPushButton>

#include "widgets/bits_map/brush_bar.h"

namespace quantoscope {
namespace {

constexpr int kMapHeight = 190;

BitsMapData mapOf(const LayerBits& rules, int blocks) {
    BitsMapData map(static_cast<std::size_t>(blocks));
    for (int block = 0; block < blocks; ++block)
        for (const LinearRole role : kLinearRoles)
            if (const auto bits = ruledBits(rules, block, role))
                map[static_cast<std::size_t>(block)][static_cast<std::size_t>(role)] = {*bits, true};
    return map;
}

/// Rules for what is decided; the rest follows the sweep.
LayerBits rulesOf(const BitsMapData& map) {
    BitsTable table(map.size());
    for (std::size_t block = 0; block < map.size(); ++block)
        for (std::size_t row = 0; row < map[block].size(); ++row) table[block][row] = map[block][row].bits;
    return layerBitsFrom(table, BitsCell::kUnknown);
}

}  // namespace

LayerBitsCard::LayerBitsCard(Session& session, const std::vector<std::int64_t>& widths, QWidget* parent)
    : Card(tr("Bits of single linears"), parent), session_(session) {
    setObjectName(QStringLiteral("layer_bits_card"));
    map_ = new BitsMap(this);
    map_->setObjectName(QStringLiteral("layer_bits_map"));
    map_->setTitle(tr("Bits of single linears"));
    map_->setMinimumHeight(kMapHeight);
    map_->setWidths(widths);
    brushes_ = new BrushBar(tr("Sweep"), tr("Paint: these linears get the bits of the sweep"), this);
    brushes_->setWidths(widths);
    clear_ = new QPushButton(tr("Clear"), this);
    clear_->setObjectName(QStringLiteral("layer_bits_clear"));
    unfold_ = new QPushButton(this);
    unfold_->setObjectName(QStringLiteral("layer_bits_unfold"));
    unfold_->setCheckable(true);
    for (QWidget* part :
         {static_cast<QWidget*>(brushes_), static_cast<QWidget*>(clear_), static_cast<QWidget*>(unfold_)})
        addHeaderWidget(part);
    setBody(map_);
    connect(brushes_, &BrushBar::brushChosen, map_, &BitsMap::setBrush);
    connect(map_, &BitsMap::painted, this, &LayerBitsCard::paintBits);
    connect(clear_, &QPushButton::clicked, this, &LayerBitsCard::clear);
    connect(unfold_, &QPushButton::toggled, this, &LayerBitsCard::unfold);
    connect(&session_.pipeline(), &PipelineDocument::changed, this, &LayerBitsCard::refresh);
    connect(&session_.models(), &ModelList::changed, this, &LayerBitsCard::refresh);
    setTabOrder(unfold_, map_);
    unfold(false);
    refresh();
}

int LayerBitsCard::blockCount() const {
    const auto model = session_.models().current();
    return model && model->config ? static_cast<int>(model->config->block_count) : 0;
}

void LayerBitsCard::refresh() {
    const auto& rules = session_.pipeline().draft().recipe.layer_bits;
    const auto map = mapOf(rules, blockCount());
    map_->setData(map);
    int decided = 0;
    for (const auto& block : map)
        for (const auto& cell : block) decided += cell.by_hand ? 1 : 0;
    setDetail(!rules.empty() && map.empty() ? tr("rules: %1").arg(rules.size())
              : decided == 0                ? tr("all as the sweep says")
                                            : tr("%1 of %2 set").arg(decided).arg(map.size() * HeatmapData::kRows));
    clear_->setEnabled(!rules.empty());
}

void LayerBitsCard::unfold(bool open) {
    map_->setVisible(open);
    brushes_->setVisible(open);
    clear_->setVisible(open);
    unfold_->setText(open ? tr("Fold") : tr("Paint…"));
    unfold_->setAccessibleName(open ? tr("Hide the map of single linears") : tr("Paint bits of single linears"));
}

void LayerBitsCard::paintBits(const QList<HeatmapCell>& cells, std::optional<std::int64_t> bits) {
    auto draft = session_.pipeline().draft();
    auto map = mapOf(draft.recipe.layer_bits, blockCount());
    for (const auto& cell : cells)
        map[static_cast<std::size_t>(cell.block)][static_cast<std::size_t>(cell.row)].bits =
            bits.value_or(BitsCell::kUnknown);
    draft.recipe.layer_bits = rulesOf(map);
    if (draft.recipe.layer_bits == session_.pipeline().draft().recipe.layer_bits) return;
    session_.pipeline().edit(
        draft, bits ? tr("Set %n linear(s) to %1", nullptr, static_cast<int>(cells.size())).arg(bitsText(*bits))
                    : tr("Leave %n linear(s) to the sweep", nullptr, static_cast<int>(cells.size())));
}

void LayerBitsCard::clear() {
    auto draft = session_.pipeline().draft();
    draft.recipe.layer_bits.clear();
    session_.pipeline().edit(draft, tr("Clear the bits of single linears"));
}

}  // namespace quantoscope
