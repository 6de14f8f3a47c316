#include "widgets/error_anatomy/anatomy_view.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/text/number_text.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr int kRowHeight = 44;
constexpr double kNameHeight = 18.0;
constexpr double kBarHeight = 18.0;
constexpr int kLegendLine = 18;
constexpr int kLegendLines = 2;

QString partName(AnatomyPart part) {
    switch (part) {
        case AnatomyPart::clipping:
            return AnatomyView::tr("clipping");
        case AnatomyPart::outlier_channels:
            return AnatomyView::tr("outlier channels");
        case AnatomyPart::rounding:
            return AnatomyView::tr("rounding");
        case AnatomyPart::interaction:
            return AnatomyView::tr("interaction of channels");
        case AnatomyPart::inherited:
            return AnatomyView::tr("inherited from earlier blocks");
    }
    return {};
}

bool isMadeUpFor(const AnatomySegment& segment) {
    return segment.value < 0.0;
}

/// "output error 0.0123 · inherited 0.004"
QString sumText(const AnatomyRow& row) {
    const auto own = row.metrics.find("relative_output_error");
    const auto inherited = row.metrics.find("inherited_error");
    if (own == row.metrics.end()) return AnatomyView::tr("not measured: this needs calibration data");
    QString text = AnatomyView::tr("own %1").arg(valueText(own->second));
    if (!row.metrics.contains("rounding_error"))
        text += AnatomyView::tr(", its parts not known: not quantized here, or by an earlier version");
    else if (inherited == row.metrics.end())
        text += AnatomyView::tr(" · inherited not measured");
    else
        text += AnatomyView::tr(" · inherited %1").arg(valueText(inherited->second));
    return text;
}

}  // namespace

AnatomyView::AnatomyView(QWidget* parent)
    : ViewWidget(QStringLiteral("error_anatomy"), {{420, 120}, {240, 90}}, parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    updateDescription();
}

void AnatomyView::setTitle(const QString& title) {
    title_ = title;
    updateDescription();
}

void AnatomyView::setRows(std::vector<AnatomyRow> rows) {
    const auto part = chosenPart();
    const bool same_runs = std::ranges::equal(rows_, rows, {}, &AnatomyRow::name, &AnatomyRow::name);
    rows_ = std::move(rows);
    if (!same_runs || !part || !choose(chosen_->row, *part)) chosen_.reset();
    updateGeometry();
    updateDescription();
    update();
}

void AnatomyView::setScale(AnatomyScale scale) {
    scale_ = scale;
    update();
}

void AnatomyView::setEmptyText(const QString& text) {
    empty_text_ = text;
    update();
}

QSize AnatomyView::sizeHint() const {
    const int rows = std::max<int>(1, static_cast<int>(rows_.size()));
    return {ViewWidget::sizeHint().width(), rows * kRowHeight + kLegendLines * kLegendLine + 6};
}

QSize AnatomyView::minimumSizeHint() const {
    return {ViewWidget::minimumSizeHint().width(), sizeHint().height()};
}

QRectF AnatomyView::barRect(const QRectF& area, int row) const {
    return {area.left(), area.top() + row * kRowHeight + kNameHeight + 2, area.width(), kBarHeight};
}

double AnatomyView::spanOf(int row) const {
    double span = 0.0;
    for (int i = 0; i < static_cast<int>(rows_.size()); ++i)
        if (scale_ == AnatomyScale::absolute || i == row)
            for (const auto& segment : anatomySegments(rows_[static_cast<std::size_t>(i)]))
                span = std::max(span, segment.end);
    return span;
}

QRectF AnatomyView::rectOf(const QRectF& bar, int row, const AnatomySegment& segment) const {
    const double span = spanOf(row);
    if (span <= 0.0) return {};
    const double left = bar.left() + bar.width() * segment.begin / span;
    const double right = bar.left() + bar.width() * segment.end / span;
    return {left, bar.top(), right - left, bar.height()};
}

QRectF AnatomyView::segmentRect(int row, AnatomyPart part) const {
    if (row < 0 || row >= static_cast<int>(rows_.size())) return {};
    for (const auto& segment : anatomySegments(rows_[static_cast<std::size_t>(row)]))
        if (segment.part == part) return rectOf(barRect(rect(), row), row, segment);
    return {};
}

QColor AnatomyView::colourOf(AnatomyPart part) const {
    const Tokens& tokens = tokensOf(this);
    switch (part) {
        case AnatomyPart::clipping:
            return tokens.bad;
        case AnatomyPart::outlier_channels:
            return tokens.warning;
        case AnatomyPart::rounding:
            return tokens.accent;
        case AnatomyPart::interaction:
            return tokens.good;
        case AnatomyPart::inherited:
            return tokens.muted;
    }
    return tokens.muted;
}

void AnatomyView::paintSegment(QPainter& painter, const QRectF& box, const AnatomySegment& segment,
                               double text_end) const {
    const Tokens& tokens = tokensOf(this);
    if (isMadeUpFor(segment)) {  // a veil with hatching: the error below it is not in the output
        QColor veil = tokens.panel;
        veil.setAlphaF(0.72F);
        painter.fillRect(box, veil);
        painter.fillRect(box, QBrush(colourOf(segment.part), Qt::BDiagPattern));
        painter.fillRect(QRectF(box.left() - 1, box.top() - 3, 2, box.height() + 6), tokens.text);
        return;
    }
    const QColor colour = colourOf(segment.part);
    painter.fillRect(box.adjusted(0, 0, box.width() > 3 ? -1 : 0, 0), colour);
    const QString text = partName(segment.part);
    if (QFontMetricsF(painter.font()).horizontalAdvance(text) + 10 > text_end - box.left()) return;
    painter.setPen(contrastRatio(Qt::black, colour) > contrastRatio(Qt::white, colour) ? Qt::black : Qt::white);
    painter.drawText(box.adjusted(5, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, text);
}

void AnatomyView::paintRow(QPainter& painter, const QRectF& area, int row) const {
    const Tokens& tokens = tokensOf(this);
    const auto& shown = rows_[static_cast<std::size_t>(row)];
    const QRectF bar = barRect(area, row);
    const QRectF name(bar.left(), bar.top() - kNameHeight - 2, bar.width(), kNameHeight);
    painter.fillRect(QRectF(name.left(), name.center().y() - 5, 10, 10), shown.colour);
    painter.setPen(tokens.text);
    const QFontMetricsF metrics(painter.font());
    painter.drawText(name.adjusted(16, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, shown.name);
    painter.setPen(tokens.muted);
    const QRectF rest = name.adjusted(16 + metrics.horizontalAdvance(shown.name) + 12, 0, 0, 0);
    painter.drawText(rest, Qt::AlignRight | Qt::AlignVCenter,
                     metrics.elidedText(sumText(shown), Qt::ElideRight, rest.width()));
    painter.fillRect(bar, mixed(tokens.raised, tokens.panel, 0.5));
    const auto segments = anatomySegments(shown);
    const auto veil = std::ranges::find_if(segments, isMadeUpFor);
    const double veil_begin = veil == segments.end() ? bar.right() : rectOf(bar, row, *veil).left();
    for (const auto& segment : segments) {
        const QRectF box = rectOf(bar, row, segment);
        paintSegment(painter, box, segment, box.left() < veil_begin ? std::min(box.right(), veil_begin) : box.right());
    }
}

void AnatomyView::paintLegend(QPainter& painter, const QRectF& area) const {
    const Tokens& tokens = tokensOf(this);
    const QFontMetricsF metrics(painter.font());
    double x = area.left();
    double y = area.top();
    for (const auto part : kAnatomyParts) {
        const bool hatched = part == AnatomyPart::interaction;
        const QString text = hatched ? tr("interaction of channels (hatched: made up for)") : partName(part);
        const double width = 15 + metrics.horizontalAdvance(text);
        if (x > area.left() && x + width > area.right()) {
            x = area.left();
            y += kLegendLine;
        }
        const QRectF square(x, y + kLegendLine / 2.0 - 5, 10, 10);
        painter.fillRect(square, hatched ? QBrush(colourOf(part), Qt::BDiagPattern) : QBrush(colourOf(part)));
        painter.setPen(tokens.muted);
        painter.drawText(QRectF(x + 15, y, metrics.horizontalAdvance(text) + 2, kLegendLine),
                         Qt::AlignLeft | Qt::AlignVCenter, text);
        x += width + 14;
    }
}

void AnatomyView::paintView(QPainter& painter, const QRectF& area) const {
    const Tokens& tokens = tokensOf(this);
    painter.setFont(smallFont());
    if (rows_.empty()) {
        painter.setPen(tokens.muted);
        painter.drawText(area, Qt::AlignCenter | Qt::TextWordWrap, empty_text_);
        return;
    }
    for (int row = 0; row < static_cast<int>(rows_.size()); ++row) paintRow(painter, area, row);
    if (chosen_ && hasFocus()) {
        const auto segments = anatomySegments(rows_[static_cast<std::size_t>(chosen_->row)]);
        painter.setPen(QPen(tokens.text, 2.0));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(
            rectOf(barRect(area, chosen_->row), chosen_->row, segments[static_cast<std::size_t>(chosen_->segment)]));
    }
    const double below = area.top() + static_cast<double>(rows_.size()) * kRowHeight;
    paintLegend(painter, QRectF(area.left(), below, area.width(), kLegendLines * kLegendLine));
}

QString AnatomyView::readOut(int row, const AnatomySegment& segment) const {
    const auto& shown = rows_[static_cast<std::size_t>(row)];
    const auto& metric = anatomyMetric(segment.part);
    QString text = tr("<b>%1</b><br>%2: %3").arg(shown.name, partName(segment.part), valueText(segment.value));
    const auto own = shown.metrics.find("relative_output_error");
    if (segment.part != AnatomyPart::inherited && own != shown.metrics.end() && own->second > 0.0)
        text += tr(", %1 % of the linear's own output error").arg(valueText(100.0 * segment.value / own->second));
    return text + QStringLiteral("<br>") + QString::fromStdString(metric.definition).toHtmlEscaped();
}

ViewTable AnatomyView::viewTable() const {
    ViewTable table;
    table.header << QStringLiteral("run") << QStringLiteral("output error (relative)");
    for (const auto part : kAnatomyParts) table.header << QString::fromStdString(anatomyMetric(part).label);
    for (const auto& row : rows_) {
        QStringList cells{row.name};
        const auto add = [&](const std::string& id) {
            const auto found = row.metrics.find(id);
            cells << (found == row.metrics.end() ? QString() : exactText(found->second));
        };
        add("relative_output_error");
        for (const auto part : kAnatomyParts) add(anatomyMetric(part).id);
        table.rows.push_back(cells);
    }
    return table;
}

void AnatomyView::updateDescription() {
    setAccessibleName(title_.isEmpty() ? tr("Where the error comes from") : title_);
    QString text = tr("%1 runs").arg(rows_.size());
    if (chosen_) {
        const auto segments = anatomySegments(rows_[static_cast<std::size_t>(chosen_->row)]);
        text = readOut(chosen_->row, segments[static_cast<std::size_t>(chosen_->segment)]);
        for (const auto* tag : {"<b>", "</b>"}) text.remove(QLatin1String(tag));
        text.replace(QStringLiteral("<br>"), QStringLiteral(", "));
    }
    setAccessibleDescription(text);
}

}  // namespace quantoscope
