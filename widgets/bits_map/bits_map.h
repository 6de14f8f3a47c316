// Block x linear map of bit widths that can be painted on: what every linear gets, and what was decided by hand.
#pragma once

#include <QList>
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "widgets/heatmap/heatmap_data.h"
#include "widgets/view/view_widget.h"

namespace quantoscope {

struct HeatmapGeometry;

struct BitsCell {
    static constexpr std::int64_t kSkipped = 0;   ///< stays as it is in the model
    static constexpr std::int64_t kUnknown = -1;  ///< nothing is decided
    std::int64_t bits = kUnknown;
    bool by_hand = false;
    friend bool operator==(const BitsCell&, const BitsCell&) = default;
};

/// By block, then in kLinearRoles order.
using BitsMapData = std::vector<std::array<BitsCell, HeatmapData::kRows>>;

/// "4 bits", "as in the model".
QString bitsText(std::int64_t bits);

/// Mouse: a stroke over cells paints them, a rectangle with Shift; hover reads out. Keyboard: arrows move, Shift with
/// arrows too, Space paints, digits paint their own bits, Delete takes a decision back.
class BitsMap : public ViewWidget {
    Q_OBJECT
public:
    explicit BitsMap(QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setData(const BitsMapData& data);
    const BitsMapData& data() const { return data_; }
    /// What a stroke sets; nothing: it takes decisions back.
    void setBrush(std::optional<std::int64_t> bits) { brush_ = bits; }
    /// The widths that a digit key may set.
    void setWidths(std::vector<std::int64_t> widths);
    void setToolTipText(std::function<QString(HeatmapCell)> text) { tool_tip_ = std::move(text); }
    void setSelected(std::optional<HeatmapCell> cell);
    std::optional<HeatmapCell> selected() const { return selected_; }
    std::optional<HeatmapCell> cellAt(QPointF position) const;
    QRectF cellRect(HeatmapCell cell) const;

    void paintView(QPainter& painter, const QRectF& area) const override;
    ViewTable viewTable() const override;
    QString viewTitle() const override { return title_; }

signals:
    /// A stroke has ended, or a key was pressed. Nothing: decisions are taken back.
    void painted(const QList<quantoscope::HeatmapCell>& cells, std::optional<std::int64_t> bits);
    void cellSelected(quantoscope::HeatmapCell cell);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    bool contains(HeatmapCell cell) const;
    const BitsCell& at(HeatmapCell cell) const;
    void extendStroke(HeatmapCell cell, bool rectangle);
    void select(HeatmapCell cell);
    bool moveSelection(const QKeyEvent& event);
    void paintCell(QPainter& painter, const QRectF& cell, const BitsCell& value) const;
    void paintLegend(QPainter& painter, const QRectF& area) const;
    QColor colourOf(std::int64_t bits) const;
    void updateDescription();

    QString title_;
    BitsMapData data_;
    std::vector<std::int64_t> widths_;
    std::optional<std::int64_t> brush_;
    std::function<QString(HeatmapCell)> tool_tip_;
    std::optional<HeatmapCell> selected_;
    std::optional<HeatmapCell> hovered_;
    std::optional<HeatmapCell> stroke_start_;
    QList<HeatmapCell> stroke_;
};

}  // namespace quantoscope
