#include "widgets/plots/plot_header.h"

#include <QFontMetricsF>
#include <QPainter>
#include <vector>

#include "widgets/plots/plot_layout.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr double kLineHeight = 18.0;
constexpr double kSwatch = 14.0;
constexpr double kEntryGap = 14.0;

/// A series, or a level across the plot: its label in the plot would lie where the curves run.
struct Entry {
    const PlotSeries* series;
    const PlotLine* level;
    double x;  ///< from the left of its line
    int line;
    const QString& name() const { return series != nullptr ? series->name : level->label; }
};
struct Legend {
    std::vector<Entry> entries;
    std::vector<double> line_widths;
};

std::vector<Entry> namedEntries(const PlotSpec& spec) {
    std::vector<Entry> named;
    for (const PlotSeries& series : spec.series)
        if (!series.name.isEmpty()) named.push_back({&series, nullptr, 0.0, 0});
    if (named.size() < 2) named.clear();  // the title names a lone series
    for (const PlotLine& line : spec.lines)
        if (line.orientation == Qt::Horizontal && !line.label.isEmpty()) named.push_back({nullptr, &line, 0.0, 0});
    return named;
}

Legend layOutLegend(const PlotSpec& spec, double width) {
    Legend legend;
    const QFontMetricsF metrics(smallFont());
    const double title = metrics.horizontalAdvance(axisTitle(spec.y)) + kEntryGap;
    double x = 0.0;
    legend.entries = namedEntries(spec);
    for (Entry& entry : legend.entries) {
        const double needed = kSwatch + 5.0 + metrics.horizontalAdvance(entry.name());
        const double room = legend.line_widths.size() <= 1 ? width - title : width;
        if (legend.line_widths.empty() || (x > 0.0 && x + kEntryGap + needed > room)) {
            legend.line_widths.push_back(0.0);
            x = 0.0;
        }
        if (x > 0.0) x += kEntryGap;
        entry.x = x;
        entry.line = static_cast<int>(legend.line_widths.size()) - 1;
        x += needed;
        legend.line_widths.back() = x;
    }
    return legend;
}

void paintLevel(QPainter& painter, QPointF left, const PlotLine& level, const Tokens& tokens) {
    painter.setPen(levelPen(level, tokens));
    painter.drawLine(left, left + QPointF(kSwatch, 0));
}

void paintSwatch(QPainter& painter, QPointF left, const PlotSeries& series, const Tokens& tokens) {
    const QColor colour = seriesColour(series, tokens);
    const bool is_block = series.shape == SeriesShape::bars || series.shape == SeriesShape::area;
    painter.setBrush(series.filled_points || is_block ? colour : QColor(Qt::transparent));
    if (is_block) {
        painter.setPen(Qt::NoPen);
        painter.drawRoundedRect(QRectF(left.x() + 2, left.y() - 4.5, 9, 9), 2, 2);
        return;
    }
    painter.setPen(QPen(colour, 2.0, series.dashed ? Qt::DashLine : Qt::SolidLine));
    if (series.shape != SeriesShape::points) painter.drawLine(left, left + QPointF(kSwatch, 0));
    painter.setPen(QPen(colour, 1.5));
    if (series.shape != SeriesShape::line) painter.drawEllipse(left + QPointF(kSwatch / 2, 0), 3.2, 3.2);
}

}  // namespace

QColor seriesColour(const PlotSeries& series, const Tokens& tokens) {
    return series.colour.isValid() ? series.colour : tokens.accent;
}

QPen levelPen(const PlotLine& line, const Tokens& tokens) {
    QPen pen(line.colour.isValid() ? line.colour : tokens.muted, 1.0, Qt::CustomDashLine);
    pen.setDashPattern({3, 3});
    return pen;
}

double plotHeaderHeight(const PlotSpec& spec, double width) {
    const auto lines = layOutLegend(spec, width).line_widths.size();
    const bool has_title = !axisTitle(spec.y).isEmpty();
    return kLineHeight * static_cast<double>(std::max<std::size_t>(lines, has_title ? 1 : 0));
}

void paintPlotHeader(QPainter& painter, const QRectF& area, const PlotSpec& spec, const Tokens& tokens) {
    painter.setFont(smallFont());
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(tokens.muted);
    painter.drawText(QRectF(area.left(), area.top(), area.width(), kLineHeight), Qt::AlignLeft | Qt::AlignVCenter,
                     axisTitle(spec.y));
    const Legend legend = layOutLegend(spec, area.width());
    for (const Entry& entry : legend.entries) {
        const double start = area.right() - legend.line_widths[static_cast<std::size_t>(entry.line)];
        const QPointF left(std::max(start, area.left()) + entry.x, area.top() + kLineHeight * (entry.line + 0.5));
        if (entry.series != nullptr)
            paintSwatch(painter, left, *entry.series, tokens);
        else
            paintLevel(painter, left, *entry.level, tokens);
        painter.setPen(tokens.text);
        painter.drawText(QRectF(left.x() + kSwatch + 5, left.y() - kLineHeight / 2, area.width(), kLineHeight),
                         Qt::AlignLeft | Qt::AlignVCenter, entry.name());
    }
}

}  // namespace quantoscope
