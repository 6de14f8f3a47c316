#include "widgets/strip/strip_view.h"

#include <QPainter>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "widgets/text/number_text.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr double kTextHeight = 16.0;

struct StripFrame {
    QRectF text;
    QRectF bars;
    QRectF axis;
};

StripFrame frameOf(const QRectF& area) {
    const QRectF inner = area.adjusted(2, 0, -2, 0);
    return {QRectF(inner.left(), inner.top(), inner.width(), kTextHeight),
            inner.adjusted(0, kTextHeight + 2, 0, -kTextHeight),
            QRectF(inner.left(), inner.bottom() - kTextHeight, inner.width(), kTextHeight)};
}

double positionOf(const QRectF& bars, qint64 item, qint64 count) {
    return bars.left() + bars.width() * static_cast<double>(item) / static_cast<double>(std::max<qint64>(1, count));
}

void paintAxis(QPainter& painter, const QRectF& bars, const QRectF& axis, qint64 count, const Tokens& tokens) {
    painter.setPen(tokens.line);
    painter.drawLine(bars.bottomLeft(), bars.bottomRight());
    painter.setPen(tokens.muted);
    const int wanted = std::max(2, static_cast<int>(axis.width() / 70.0));
    for (const int tick : indexTicks(static_cast<int>(count) - 1, wanted)) {
        const double x = (positionOf(bars, tick, count) + positionOf(bars, tick + 1, count)) / 2.0;
        QRectF box(x - 35, axis.top(), 70, axis.height());
        if (box.left() < axis.left()) box.moveLeft(axis.left());
        if (box.right() > axis.right()) box.moveRight(axis.right());
        const int align = x - 35 < axis.left()    ? Qt::AlignLeft
                          : x + 35 > axis.right() ? Qt::AlignRight
                                                  : Qt::AlignHCenter;
        painter.drawText(box, align | Qt::AlignVCenter, QString::number(tick));
    }
}

}  // namespace

std::vector<int> ranksFromLargest(const std::vector<float>& values) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!std::isnan(values[i])) order.push_back(i);
    std::ranges::sort(
        order, [&](std::size_t a, std::size_t b) { return values[a] != values[b] ? values[a] > values[b] : a < b; });
    std::vector<int> ranks(values.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        const bool ties = i > 0 && values[order[i]] == values[order[i - 1]];
        ranks[order[i]] = ties ? ranks[order[i - 1]] : static_cast<int>(i) + 1;
    }
    return ranks;
}

QString stripToolTip(const StripData& data, const std::vector<int>& ranks, qint64 item) {
    const auto index = static_cast<std::size_t>(item);
    const auto value = static_cast<double>(data.values[index]);
    QString text = StripView::tr("<b>%1 %2</b><br>%3: %4").arg(data.item).arg(item).arg(data.label, valueText(value));
    if (ranks[index] > 0)
        text += StripView::tr("<br>rank %1 of %2 (1 is largest)").arg(ranks[index]).arg(data.values.size());
    if (data.pinned.size() == data.values.size())
        text += StripView::tr("<br>%1 against the pinned run")
                    .arg(deltaText(value - static_cast<double>(data.pinned[index])));
    return text;
}

StripView::StripView(StripChoice choice, QWidget* parent)
    : ViewWidget(QStringLiteral("strip"), {{420, 120}, {160, 84}}, parent), choice_(choice) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    updateDescription();
}

void StripView::setTitle(const QString& title) {
    title_ = title;
    updateDescription();
}

void StripView::setData(const StripData& data) {
    if (data == data_) return;
    data_ = data;
    ranks_ = ranksFromLargest(data_.values);
    largest_ = 0.0F;
    for (const float value : data_.values)
        if (std::isfinite(value)) largest_ = std::max(largest_, value);
    hovered_.reset();
    drag_start_.reset();
    dragged_.reset();
    setSelected(selected_);
}

void StripView::setColour(const QColor& colour) {
    colour_ = colour;
    update();
}

void StripView::setEmptyText(const QString& text) {
    empty_text_ = text;
    update();
}

void StripView::setSelected(std::optional<StripRange> range) {
    selected_ =
        range && range->first >= 0 && range->last < count() && range->first <= range->last ? range : std::nullopt;
    updateDescription();
    update();
}

QRectF StripView::itemRect(qint64 item) const {
    const QRectF bars = frameOf(rect()).bars;
    const double left = positionOf(bars, item, count());
    return {left, bars.top(), positionOf(bars, item + 1, count()) - left, bars.height()};
}

std::optional<qint64> StripView::itemAt(QPointF position) const {
    const QRectF bars = frameOf(rect()).bars;
    if (count() == 0 || bars.width() <= 0.0 || position.y() < bars.top() - kTextHeight) return std::nullopt;
    const double pixel = std::floor(std::clamp(position.x() - bars.left(), 0.0, bars.width() - 1.0));
    const auto place = [&](double x) {
        return std::clamp(static_cast<qint64>(x / bars.width() * static_cast<double>(count())), qint64{0}, count() - 1);
    };
    qint64 best = place(pixel);
    for (qint64 item = best; item <= place(pixel + 0.999); ++item)  // what is drawn is the largest of them
        if (data_.values[static_cast<std::size_t>(item)] > data_.values[static_cast<std::size_t>(best)]) best = item;
    return best;
}

void StripView::paintBars(QPainter& painter, const QRectF& bars) const {
    const Tokens& tokens = tokensOf(this);
    const QColor plain = mixed(colour_.isValid() ? colour_ : tokens.accent, tokens.panel, 0.75);
    const auto range = dragged_ ? dragged_ : selected_;
    const double wide = bars.width() / static_cast<double>(count());
    const double gap = wide >= 5.0 ? 1.0 : 0.0;
    // Below a pixel each, the largest of a pixel stands for its items.
    const auto columns = wide >= 1.0 ? count() : static_cast<qint64>(bars.width());
    for (qint64 column = 0; column < columns; ++column) {
        const qint64 begin = column * count() / columns;
        const qint64 end = std::max(begin + 1, (column + 1) * count() / columns);
        float value = 0.0F;
        for (qint64 item = begin; item < end; ++item) {
            const float one = data_.values[static_cast<std::size_t>(item)];
            if (std::isfinite(one)) value = std::max(value, one);
        }
        const double height = bars.height() * static_cast<double>(value / largest_);
        const double left = positionOf(bars, column, columns);
        const double width = positionOf(bars, column + 1, columns) - left - gap;
        const bool inside = range && begin <= range->last && end > range->first;
        painter.fillRect(QRectF(left, bars.bottom() - height, width, height), inside ? tokens.text : plain);
    }
}

void StripView::paintView(QPainter& painter, const QRectF& area) const {
    const Tokens& tokens = tokensOf(this);
    painter.setFont(smallFont());
    if (count() == 0) {
        painter.setPen(tokens.muted);
        painter.drawText(area, Qt::AlignCenter | Qt::TextWordWrap, empty_text_);
        return;
    }
    const StripFrame frame = frameOf(area);
    const auto range = dragged_ ? dragged_ : selected_;
    if (range) {
        const double left = positionOf(frame.bars, range->first, count());
        const double right = std::max(left + 2.0, positionOf(frame.bars, range->last + 1, count()));
        const QRectF band(left, frame.bars.top(), right - left, frame.bars.height());
        painter.fillRect(band, tokens.accent_background);
        painter.setPen(QPen(tokens.accent, hasFocus() ? 1.5 : 1.0));
        painter.drawRect(band);
    }
    if (largest_ > 0.0F) paintBars(painter, frame.bars);
    paintAxis(painter, frame.bars, frame.axis, count(), tokens);
    painter.setPen(tokens.muted);
    const QString text = tr("%1 per %2, at most %3").arg(data_.label, data_.item, valueText(double(largest_)));
    painter.drawText(frame.text, Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetricsF(painter.font()).elidedText(text, Qt::ElideRight, frame.text.width()));
}

ViewTable StripView::viewTable() const {
    const bool compared = data_.pinned.size() == data_.values.size() && !data_.values.empty();
    ViewTable table;
    table.header << data_.item << data_.label << QStringLiteral("rank");
    if (compared) table.header << QStringLiteral("pinned run");
    for (std::size_t i = 0; i < data_.values.size(); ++i) {
        QStringList row{QString::number(i), exactText(double(data_.values[i])), QString::number(ranks_[i])};
        if (compared) row << exactText(double(data_.pinned[i]));
        table.rows.push_back(row);
    }
    return table;
}

void StripView::updateDescription() {
    setAccessibleName(title_.isEmpty() ? data_.label : title_);
    QString text = tr("%1 values").arg(count());
    if (selected_ && selected_->first == selected_->last)
        text = stripToolTip(data_, ranks_, selected_->first)
                   .remove(QStringLiteral("<b>"))
                   .remove(QStringLiteral("</b>"))
                   .replace(QStringLiteral("<br>"), QStringLiteral(", "));
    else if (selected_)
        text = tr("%1 %2 to %3").arg(data_.item).arg(selected_->first).arg(selected_->last);
    setAccessibleDescription(text);
}

}  // namespace quantoscope
