// Bits of single linears in the pipeline, painted by hand: a strip that opens under the stages.
#pragma once

#include "app/workbench/session/session.h"
#include "widgets/bits_map/bits_map.h"
#include "widgets/card/card.h"

class QPushButton;

namespace quantoscope {

class BrushBar;

class LayerBitsCard : public Card {
    Q_OBJECT

public:
    LayerBitsCard(Session& session, const std::vector<std::int64_t>& widths, QWidget* parent);

private:
    void refresh();
    void unfold(bool open);
    void paintBits(const QList<HeatmapCell>& cells, std::optional<std::int64_t> bits);
    void clear();
    int blockCount() const;

    Session& session_;
    BrushBar* brushes_ = nullptr;
    BitsMap* map_ = nullptr;
    QPushButton* clear_ = nullptr;
    QPushButton* unfold_ = nullptr;
};

}  // namespace quantoscope
