#include "widgets/plots/plot_layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "widgets/text/number_text.h"

namespace quantoscope {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Span {
    double low = kInfinity;
    double high = -kInfinity;
    void take(double value, ScaleKind scale) {
        if (!std::isfinite(value) || (scale == ScaleKind::logarithmic && value <= 0.0)) return;
        low = std::min(low, value);
        high = std::max(high, value);
    }
};

Span dataSpan(const PlotSpec& spec, Qt::Orientation orientation) {
    Span span;
    const bool is_x = orientation == Qt::Horizontal;
    const ScaleKind scale = is_x ? spec.x.scale : spec.y.scale;
    for (const PlotSeries& series : spec.series) {
        for (const auto* values : is_x ? std::array{&series.x, &series.x, &series.x}
                                       : std::array{&series.y, &series.band_low, &series.band_high})
            for (const double value : *values) span.take(value, scale);
        const bool stands_on_zero = series.shape == SeriesShape::bars || series.shape == SeriesShape::area;
        if (!is_x && stands_on_zero) span.take(scale == ScaleKind::linear ? 0.0 : 0.7, scale);
        if (is_x && series.shape == SeriesShape::bars && !series.x.empty()) {
            span.take(series.x.front() - series.bar_width / 2, scale);
            span.take(series.x.back() + series.bar_width / 2, scale);
        }
    }
    for (const PlotLine& line : spec.lines)
        if ((line.orientation == Qt::Vertical) == is_x) span.take(line.value, scale);
    return span;
}

ValueRange withAir(const Span& span, ScaleKind scale, double share) {
    if (scale == ScaleKind::logarithmic) {
        const double factor = span.high > span.low ? std::pow(span.high / span.low, share) : 1.5;
        return {span.low / factor, span.high * factor};
    }
    const double reach =
        span.high > span.low ? (span.high - span.low) * share : std::max(std::abs(span.high) * 0.1, 0.5);
    // A chart that starts at zero sits on its axis.
    return {span.low == 0.0 ? 0.0 : span.low - reach, span.high + reach};
}

/// As people read them; where the range is so narrow that two would read the same, with the decimals of their step.
void addTicks(Ticks& ticks, const std::vector<double>& values) {
    const std::size_t first = ticks.size();
    bool same = false;
    for (const double value : values) {
        ticks.emplace_back(value, valueText(value));
        same = same || (ticks.size() > first + 1 && ticks.back().second == ticks[ticks.size() - 2].second);
    }
    if (!same) return;
    const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(values[1] - values[0]) - 1e-9)), 0, 12);
    for (std::size_t i = first; i < ticks.size(); ++i) ticks[i].second = QString::number(ticks[i].first, 'f', decimals);
}

QString superscript(int number) {
    static const QString kDigits = QStringLiteral("⁰¹²³⁴⁵⁶⁷⁸⁹");
    QString text;
    for (const QChar digit : QString::number(std::abs(number))) text += kDigits[digit.digitValue()];
    return number < 0 ? QStringLiteral("⁻") + text : text;
}

QString powerText(int exponent, double decades) {
    const int plain = decades > 4.0 ? 1 : 3;
    if (std::abs(exponent) <= plain) return valueText(std::pow(10.0, exponent));
    return QStringLiteral("10") + superscript(exponent);
}

Ticks logarithmicTicks(const ValueRange& range, int wanted) {
    const double decades = std::log10(range.high / range.low);
    Ticks ticks;
    if (decades < 0.8) {
        addTicks(ticks, niceTicks(range.low, range.high, wanted));
        return ticks;
    }
    const int first = static_cast<int>(std::floor(std::log10(range.low)));
    const int last = static_cast<int>(std::ceil(std::log10(range.high)));
    const int step = std::max(1, static_cast<int>(std::ceil(decades / std::max(wanted, 1))));
    const bool between = decades < 2.2;
    for (int exponent = first; exponent <= last; ++exponent) {
        if (exponent % step != 0) continue;
        for (const int factor : {1, 2, 5}) {
            const double tick = factor * std::pow(10.0, exponent);
            if ((factor > 1 && !between) || tick < range.low || tick > range.high) continue;
            ticks.emplace_back(tick, factor == 1 ? powerText(exponent, decades) : valueText(tick));
        }
    }
    return ticks;
}

QString lineEntry(const PlotSeries& series, double value, const QString& unit) {
    const QString dot = QStringLiteral("<span style='color:%1'>●</span> ").arg(series.colour.name());
    return (series.colour.isValid() ? dot : QString()) + seriesLabel(series).toHtmlEscaped() +
           (series.name.isEmpty() ? QString() : QStringLiteral(" ")) +
           QStringLiteral("<b>%1</b>").arg(valueText(value, unit));
}

QString xText(const PlotSpec& spec, double x) {
    for (const auto& [value, text] : spec.x.named_ticks)
        if (value == x) return text;
    const QString number = spec.x.whole_numbers ? QString::number(std::lround(x)) : valueText(x, spec.x.unit);
    return spec.x.label.isEmpty() ? number : spec.x.label + QLatin1Char(' ') + number;
}

}  // namespace

ValueRange axisRange(const PlotSpec& spec, Qt::Orientation orientation) {
    const bool is_x = orientation == Qt::Horizontal;
    const PlotAxis& axis = is_x ? spec.x : spec.y;
    const Span span = dataSpan(spec, orientation);
    ValueRange range = axis.scale == ScaleKind::logarithmic ? ValueRange{0.1, 10.0} : ValueRange{};
    if (span.low <= span.high) range = withAir(span, axis.scale, is_x ? 0.02 : 0.08);
    if (axis.minimum) range.low = *axis.minimum;
    if (axis.maximum) range.high = *axis.maximum;
    if (!(range.high > range.low)) range.high = range.low + 1.0;
    return range;
}

Ticks axisTicks(const PlotAxis& axis, const ValueRange& range, int wanted) {
    Ticks ticks;
    if (!axis.named_ticks.empty()) {
        for (const auto& tick : axis.named_ticks)
            if (tick.first >= range.low && tick.first <= range.high) ticks.push_back(tick);
        return ticks;
    }
    if (axis.scale == ScaleKind::logarithmic && range.low > 0.0) return logarithmicTicks(range, wanted);
    auto values = niceTicks(range.low, range.high, wanted);
    if (axis.whole_numbers) std::erase_if(values, [](double tick) { return tick != std::round(tick); });
    addTicks(ticks, values);
    return ticks;
}

QString axisTitle(const PlotAxis& axis) {
    if (axis.unit.isEmpty()) return axis.label;
    return axis.label.isEmpty() ? axis.unit : axis.label + QStringLiteral(", ") + axis.unit;
}

std::optional<std::size_t> nearestIndex(const PlotSeries& series, double x) {
    std::optional<std::size_t> best;
    const std::size_t count = std::min(series.x.size(), series.y.size());
    for (std::size_t i = 0; i < count; ++i) {
        if (!std::isfinite(series.y[i])) continue;
        if (!best || std::abs(series.x[i] - x) < std::abs(series.x[*best] - x)) best = i;
    }
    return best;
}

std::optional<double> nearestX(const PlotSpec& spec, double x) {
    std::optional<double> best;
    for (const PlotSeries& series : spec.series) {
        const auto index = nearestIndex(series, x);
        if (index && (!best || std::abs(series.x[*index] - x) < std::abs(*best - x))) best = series.x[*index];
    }
    return best;
}

QString readOut(const PlotSpec& spec, double x) {
    const auto place = nearestX(spec, x);
    if (!place) return {};
    QString text = xText(spec, *place);
    for (const PlotSeries& series : spec.series) {
        const auto index = nearestIndex(series, *place);
        if (!index || (spec.crosshair_at_x && series.x[*index] != *place)) continue;
        text += QStringLiteral("<br>") + lineEntry(series, series.y[*index], spec.y.unit);
    }
    return text;
}

bool hasPoints(const PlotSpec& spec) {
    return std::any_of(spec.series.begin(), spec.series.end(),
                       [](const PlotSeries& series) { return nearestIndex(series, 0.0).has_value(); });
}

QString seriesLabel(const PlotSeries& series) {
    return series.name;
}

ViewTable plotTable(const PlotSpec& spec) {
    ViewTable table;
    table.header << QStringLiteral("series") << axisTitle(spec.x) << axisTitle(spec.y);
    const bool errors = std::ranges::any_of(spec.series, &PlotSeries::error_bars);
    if (errors) table.header << QStringLiteral("low") << QStringLiteral("high");
    for (const PlotSeries& series : spec.series)
        for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i) {
            table.rows.push_back({series.name, exactText(series.x[i]), exactText(series.y[i])});
            if (errors && i < series.band_low.size() && i < series.band_high.size())
                table.rows.back() << exactText(series.band_low[i]) << exactText(series.band_high[i]);
            else if (errors)
                table.rows.back() << QString() << QString();
        }
    for (const PlotLine& line : spec.lines) {
        const bool vertical = line.orientation == Qt::Vertical;
        const QString value = exactText(line.value);
        table.rows.push_back(
            {QStringLiteral("line ") + line.label, vertical ? value : QString(), vertical ? QString() : value});
        if (errors) table.rows.back() << QString() << QString();
    }
    return table;
}

}  // namespace quantoscope
