#include "widgets/bits_map/bits_map.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <map>

#include "widgets/heatmap/heatmap_painter.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr double kSmallestCellWithText = 14.0;
constexpr double kWidestBits = 8.0;

}  // namespace

QString bitsText(std::int64_t bits) {
    if (bits == BitsCell::kUnknown) return BitsMap::tr("the run's own bits");
    if (bits == BitsCell::kSkipped) return BitsMap::tr("as in the model");
    return BitsMap::tr("%1 bits").arg(bits);
}

BitsMap::BitsMap(QWidget* parent) : ViewWidget(QStringLiteral("bits_map"), {{420, 190}, {200, 120}}, parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    updateDescription();
}

void BitsMap::setTitle(const QString& title) {
    title_ = title;
    updateDescription();
}

void BitsMap::setData(const BitsMapData& data) {
    data_ = data;
    if (selected_ && !contains(*selected_)) selected_.reset();
    if (hovered_ && !contains(*hovered_)) hovered_.reset();
    updateDescription();
    update();
}

void BitsMap::setWidths(std::vector<std::int64_t> widths) {
    widths_ = std::move(widths);
    std::ranges::sort(widths_);
    update();
}

void BitsMap::setSelected(std::optional<HeatmapCell> cell) {
    selected_ = cell && contains(*cell) ? cell : std::nullopt;
    updateDescription();
    update();
}

bool BitsMap::contains(HeatmapCell cell) const {
    return cell.block >= 0 && cell.block < static_cast<int>(data_.size()) && cell.row >= 0 &&
           cell.row < HeatmapData::kRows;
}

const BitsCell& BitsMap::at(HeatmapCell cell) const {
    return data_[static_cast<std::size_t>(cell.block)][static_cast<std::size_t>(cell.row)];
}

std::optional<HeatmapCell> BitsMap::cellAt(QPointF position) const {
    return heatmapGeometry(rect(), static_cast<int>(data_.size())).cellAt(position);
}

QRectF BitsMap::cellRect(HeatmapCell cell) const {
    return heatmapGeometry(rect(), static_cast<int>(data_.size())).cellRect(cell);
}

// Fewer bits stand out more, as everywhere; what stays as it is has no colour.
QColor BitsMap::colourOf(std::int64_t bits) const {
    const Tokens& tokens = tokensOf(this);
    if (bits == BitsCell::kUnknown) return tokens.raised;
    if (bits == BitsCell::kSkipped) return mixed(tokens.muted, tokens.panel, 0.45);
    const double position = 1.0 - std::min(static_cast<double>(bits) - 2.0, kWidestBits - 2.0) / (kWidestBits - 2.0);
    return mapColour(ColourMap::cividis, 0.15 + 0.8 * position, tokens);
}

void BitsMap::paintCell(QPainter& painter, const QRectF& cell, const BitsCell& value) const {
    const Tokens& tokens = tokensOf(this);
    const QColor colour = colourOf(value.bits);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(cell, 2, 2);
    const QColor ink = contrastRatio(Qt::black, colour) > contrastRatio(Qt::white, colour) ? Qt::black : Qt::white;
    if (cell.width() >= kSmallestCellWithText && cell.height() >= kSmallestCellWithText && value.bits >= 0) {
        painter.setPen(ink);
        painter.drawText(cell, Qt::AlignCenter,
                         value.bits == BitsCell::kSkipped ? QStringLiteral("–") : QString::number(value.bits));
    }
    if (!value.by_hand) return;
    painter.setPen(QPen(value.bits > 0 ? ink : tokens.text, 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(cell.adjusted(2, 2, -2, -2));
}

void BitsMap::paintLegend(QPainter& painter, const QRectF& area) const {
    const Tokens& tokens = tokensOf(this);
    std::map<std::int64_t, int> counts;
    bool any_by_hand = false;
    for (const auto& block : data_)
        for (const auto& cell : block) {
            ++counts[cell.bits];
            any_by_hand = any_by_hand || cell.by_hand;
        }
    const QFontMetricsF metrics(painter.font());
    double x = area.left();
    const auto entry = [&](const QString& text, const auto& draw) {
        draw(QRectF(x, area.center().y() - 5, 10, 10));
        painter.setPen(tokens.muted);
        painter.drawText(QPointF(x + 15, area.center().y() + metrics.capHeight() / 2), text);
        x += 15 + metrics.horizontalAdvance(text) + 16;
    };
    const double all = static_cast<double>(data_.size()) * HeatmapData::kRows;
    for (const auto& [bits, count] : counts)
        entry(tr("%1, %2 %").arg(bitsText(bits)).arg(100.0 * count / all, 0, 'f', 0),
              [&](const QRectF& square) { paintCell(painter, square, {bits, false}); });
    if (any_by_hand)
        entry(tr("by hand"), [&](const QRectF& square) {
            painter.setPen(QPen(tokens.text, 1.5));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(square.adjusted(1, 1, -1, -1));
        });
}

void BitsMap::paintView(QPainter& painter, const QRectF& area) const {
    const Tokens& tokens = tokensOf(this);
    painter.setFont(smallFont());
    if (data_.empty()) {
        painter.setPen(tokens.muted);
        painter.drawText(area, Qt::AlignCenter, tr("No linears to show yet"));
        return;
    }
    const auto geometry = heatmapGeometry(area, static_cast<int>(data_.size()));
    painter.setRenderHint(QPainter::Antialiasing, true);
    for (int block = 0; block < geometry.blocks; ++block)
        for (int row = 0; row < HeatmapData::kRows; ++row) {
            const HeatmapCell cell{block, row};
            BitsCell shown = at(cell);
            if (stroke_.contains(cell)) shown = brush_ ? BitsCell{*brush_, true} : BitsCell{shown.bits, false};
            paintCell(painter, geometry.cellRect(cell), shown);
        }
    paintMapLabels(painter, geometry, tokens);
    paintLegend(painter, geometry.colour_bar);
    if (hovered_ && hovered_ != selected_)
        paintCellOutline(painter, geometry.cellRect(*hovered_), tokens.muted, Qt::transparent);
    if (selected_)
        paintCellOutline(painter, geometry.cellRect(*selected_), tokens.text,
                         hasFocus() ? tokens.accent : tokens.panel);
}

ViewTable BitsMap::viewTable() const {
    ViewTable table;
    table.header << QStringLiteral("block");
    for (const LinearRole role : kLinearRoles) {
        const auto name = linearName(role);
        table.header << QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())) + QStringLiteral(" (bits)");
    }
    for (std::size_t block = 0; block < data_.size(); ++block) {
        QStringList row{QString::number(block)};
        for (const auto& cell : data_[block])
            row << (cell.bits == BitsCell::kUnknown   ? QString()
                    : cell.bits == BitsCell::kSkipped ? QStringLiteral("skip")
                                                      : QString::number(cell.bits));
        table.rows.push_back(row);
    }
    return table;
}

void BitsMap::extendStroke(HeatmapCell cell, bool rectangle) {
    if (rectangle && stroke_start_) {
        stroke_.clear();
        for (int block = std::min(cell.block, stroke_start_->block);
             block <= std::max(cell.block, stroke_start_->block); ++block)
            for (int row = std::min(cell.row, stroke_start_->row); row <= std::max(cell.row, stroke_start_->row); ++row)
                stroke_.append({block, row});
    } else if (!stroke_.contains(cell)) {
        stroke_.append(cell);
    }
    update();
}

void BitsMap::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return ViewWidget::mousePressEvent(event);
    const auto cell = cellAt(event->position());
    if (!cell) return;
    stroke_start_ = cell;
    stroke_.clear();
    extendStroke(*cell, false);
    select(*cell);
}

void BitsMap::mouseMoveEvent(QMouseEvent* event) {
    const auto cell = cellAt(event->position());
    if (stroke_start_ && cell) extendStroke(*cell, event->modifiers().testFlag(Qt::ShiftModifier));
    if (cell == hovered_) return;
    hovered_ = cell;
    update();
    if (!cell) return QToolTip::hideText();
    const QString text =
        tool_tip_ ? tool_tip_(*cell) : cellName(*cell) + QStringLiteral(": ") + bitsText(at(*cell).bits);
    QToolTip::showText(event->globalPosition().toPoint(), text, this);
}

void BitsMap::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !stroke_start_) return ViewWidget::mouseReleaseEvent(event);
    const auto cells = std::exchange(stroke_, {});
    stroke_start_.reset();
    update();
    emit painted(cells, brush_);
}

void BitsMap::leaveEvent(QEvent* event) {
    hovered_.reset();
    update();
    ViewWidget::leaveEvent(event);
}

bool BitsMap::moveSelection(const QKeyEvent& event) {
    HeatmapCell cell = selected_.value_or(HeatmapCell{0, 0});
    const auto step = arrowStep(event);
    if (step && selected_) {
        cell.block += step->x();
        cell.row += step->y();
    } else if (event.key() == Qt::Key_Home) {
        cell.block = 0;
    } else if (event.key() == Qt::Key_End) {
        cell.block = static_cast<int>(data_.size()) - 1;
    } else if (!step) {
        return false;
    }
    cell.block = std::clamp(cell.block, 0, static_cast<int>(data_.size()) - 1);
    cell.row = std::clamp(cell.row, 0, HeatmapData::kRows - 1);
    select(cell);
    return true;
}

void BitsMap::keyPressEvent(QKeyEvent* event) {
    if (data_.empty()) return ViewWidget::keyPressEvent(event);
    if (moveSelection(*event)) return;
    if (event->key() == Qt::Key_Escape && stroke_start_) {
        stroke_start_.reset();
        stroke_.clear();
        return update();
    }
    if (!selected_) return ViewWidget::keyPressEvent(event);
    const std::int64_t digit = event->key() - Qt::Key_0;
    if (event->key() == Qt::Key_Space) return emit painted({*selected_}, brush_);
    if (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace)
        return emit painted({*selected_}, std::nullopt);
    if (std::ranges::find(widths_, digit) != widths_.end()) return emit painted({*selected_}, digit);
    ViewWidget::keyPressEvent(event);
}

void BitsMap::select(HeatmapCell cell) {
    setSelected(cell);
    emit cellSelected(cell);
}

void BitsMap::updateDescription() {
    setAccessibleName(title_.isEmpty() ? tr("Bits of every linear") : title_);
    setAccessibleDescription(selected_ ? cellName(*selected_) + QStringLiteral(": ") + bitsText(at(*selected_).bits)
                                       : tr("%1 blocks, 7 linears").arg(data_.size()));
}

}  // namespace quantoscope
