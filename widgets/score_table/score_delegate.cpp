#include "widgets/score_table/score_delegate.h"

#include <QPainter>

#include "widgets/score_table/score_table.h"
#include "widgets/text/number_text.h"
#include "widgets/text/tabular_text.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {
constexpr double kPadding = 9.0;
constexpr double kDeltaWidth = 62.0;
constexpr double kErrorWidth = 40.0;
constexpr double kPublishedWidth = 44.0;
constexpr double kDot = 8.0;
}  // namespace

void ScoreDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const Tokens& tokens = tokensOf(option.palette);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing, true);
    const QRectF cell(option.rect);
    if (option.state & QStyle::State_Selected)
        painter->fillRect(cell, tokens.accent_background);
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(cell, tokens.raised);
    painter->fillRect(QRectF(cell.left(), cell.bottom() - 1, cell.width(), 1), tokens.line);
    const QString text = index.data().toString();
    painter->setFont(themeFont());
    painter->setPen(text == QStringLiteral("–") ? tokens.faint : tokens.text);
    QRectF area = cell.adjusted(kPadding, 0, -kPadding, 0);
    if (index.column() == 0) {
        const QColor dot = index.data(Qt::DecorationRole).value<QColor>();
        const QRectF room = area.adjusted(dot.isValid() ? kDot + 8 : 0, 0, 0, 0);
        painter->drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(text, Qt::ElideRight, static_cast<int>(room.width())));
        painter->setPen(Qt::NoPen);
        painter->setBrush(dot);
        if (dot.isValid()) painter->drawEllipse(QRectF(area.left(), area.center().y() - kDot / 2, kDot, kDot));
        painter->restore();
        return;
    }
    const QString delta = index.data(ScoreTableModel::kDeltaRole).toString();
    const int better = index.data(ScoreTableModel::kBetterRole).toInt();
    if (!delta.isEmpty()) {
        painter->setFont(smallFont());
        painter->setPen(better > 0 ? tokens.good : better < 0 ? tokens.bad : tokens.muted);
        drawTabularText(*painter, area, delta);
    }
    painter->setFont(themeFont());
    painter->setPen(text == QStringLiteral("–") ? tokens.faint : tokens.text);
    // The Δ has its own place in every row, so that values stay below each other.
    if (index.data(ScoreTableModel::kDeltaRoomRole).toBool()) area.adjust(0, 0, -kDeltaWidth, 0);
    if (index.data(ScoreTableModel::kPublishedRoomRole).toBool()) {
        // A ghost: what others report stands beside ours, smaller and muted.
        const QVariant published = index.data(ScoreTableModel::kPublishedRole);
        painter->setFont(smallFont());
        painter->setPen(tokens.muted);
        if (published.isValid())
            drawTabularText(*painter, area, QStringLiteral("(%1)").arg(valueText(published.toDouble())));
        painter->setFont(themeFont());
        painter->setPen(text == QStringLiteral("–") ? tokens.faint : tokens.text);
        area.adjust(0, 0, -kPublishedWidth, 0);
    }
    if (index.data(ScoreTableModel::kErrorRoomRole).toBool()) {
        painter->setFont(smallFont());
        painter->setPen(tokens.muted);
        drawTabularText(*painter, area, index.data(ScoreTableModel::kErrorRole).toString());
        painter->setFont(themeFont());
        painter->setPen(text == QStringLiteral("–") ? tokens.faint : tokens.text);
        area.adjust(0, 0, -kErrorWidth, 0);
    }
    drawTabularText(*painter, area, text);
    painter->restore();
}

QSize ScoreDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const double error = index.data(ScoreTableModel::kErrorRoomRole).toBool() ? kErrorWidth : 0.0;
    const double delta = index.data(ScoreTableModel::kDeltaRoomRole).toBool() ? kDeltaWidth : 0.0;
    const double published = index.data(ScoreTableModel::kPublishedRoomRole).toBool() ? kPublishedWidth : 0.0;
    const double extra = index.column() == 0 ? kDot + 12 : delta + error + published;
    const double width = tabularWidth(QFontMetricsF(option.font), index.data().toString()) + extra + 2 * kPadding;
    return {static_cast<int>(width), kRowPixels};
}

}  // namespace quantoscope
