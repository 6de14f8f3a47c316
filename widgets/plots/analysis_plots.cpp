#include "widgets/plots/analysis_plots.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "widgets/text/number_text.h"

namespace quantoscope {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostLabelledLevels = 17;
constexpr std::size_t kCurvePoints = 512;

double blockMean(const HeatmapData& data, int block, const MetricDescription& metric) {
    std::vector<double> values;
    for (int row = 0; row < HeatmapData::kRows; ++row)
        if (const auto value = data.at({block, row})) values.push_back(*value);
    return meanOverLinears(values, metric);
}

QString metricTitle(const MetricDescription& metric, std::optional<int> row) {
    const QString label = QString::fromStdString(metric.label);
    if (!row) return label + QStringLiteral(" along the blocks");
    const auto name = linearName(kLinearRoles[static_cast<std::size_t>(std::clamp(*row, 0, HeatmapData::kRows - 1))]);
    return label + QStringLiteral(" of ") + QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

PlotSeries countsSeries(const std::vector<std::uint64_t>& counts, double minimum, double maximum) {
    PlotSeries series;
    series.bar_width = counts.empty() ? 0.0 : (maximum - minimum) / static_cast<double>(counts.size());
    for (std::size_t i = 0; i < counts.size(); ++i) {
        series.x.push_back(minimum + (static_cast<double>(i) + 0.5) * series.bar_width);
        series.y.push_back(counts[i] == 0 ? kMissing : static_cast<double>(counts[i]));
    }
    return series;
}

std::vector<float> sortedShares(std::vector<float> shares) {
    std::erase_if(shares, [](float share) { return !std::isfinite(share) || share < 0.0F; });
    std::sort(shares.begin(), shares.end(), std::greater<>());
    return shares;
}

}  // namespace

PlotSpec layerCurveSpec(const std::vector<RunCurve>& runs, const MetricDescription& metric, std::optional<int> row,
                        ScaleKind scale) {
    PlotSpec spec;
    spec.title = metricTitle(metric, row);
    spec.x = {.label = QStringLiteral("block"),
              .unit = {},
              .scale = {},
              .minimum = {},
              .maximum = {},
              .named_ticks = {},
              .reversed = false,
              .whole_numbers = true};
    spec.y.label = QString::fromStdString(metric.label) + (row ? QString() : QStringLiteral(", mean of linears"));
    spec.y.unit = QString::fromStdString(metric.unit);
    spec.y.scale = scale;
    spec.empty_text = QStringLiteral("Curves appear as blocks finish");
    for (const RunCurve& run : runs) {
        PlotSeries series;
        series.id = run.run_id;
        series.name = run.name;
        series.colour = run.colour;
        for (int block = 0; block < run.data.blocks; ++block) {
            series.x.push_back(block);
            series.y.push_back(row ? run.data.at({block, *row}).value_or(kMissing)
                                   : blockMean(run.data, block, metric));
        }
        // One or two blocks make no line to see.
        series.shape = run.data.blocks <= 12 ? SeriesShape::line_points : SeriesShape::line;
        spec.series.push_back(std::move(series));
    }
    return spec;
}

PlotSpec weightHistogramSpec(const WeightHistogram& histogram, const QString& linear_name, const QColor& run_colour,
                             HistogramContent content) {
    PlotSpec spec;
    spec.title = QStringLiteral("Weights over their grid, ") + linear_name;
    spec.x.label = QStringLiteral("weight");
    spec.y.label = QStringLiteral("count (log)");
    spec.y.scale = ScaleKind::logarithmic;
    spec.y.minimum = 0.7;
    spec.empty_text = QStringLiteral("No weights measured yet");
    PlotSeries original = countsSeries(histogram.original_counts, histogram.minimum, histogram.maximum);
    original.shape = SeriesShape::bars;
    original.name = QStringLiteral("original");
    spec.series.push_back(std::move(original));
    if (content == HistogramContent::original_and_quantized) {
        PlotSeries quantized = countsSeries(histogram.quantized_counts, histogram.minimum, histogram.maximum);
        quantized.shape = SeriesShape::points;
        quantized.name = QStringLiteral("quantized");
        quantized.colour = run_colour;
        spec.series.push_back(std::move(quantized));
    }
    const std::size_t count = histogram.grid_levels.size();
    const std::size_t step = count <= kMostLabelledLevels ? 1 : (count + 15) / 16;
    for (std::size_t i = 0; i < count; ++i) {
        const QString label = i % step == 0 ? QString::number(i) : QString();
        spec.lines.push_back({Qt::Vertical, histogram.grid_levels[i], label, run_colour});
    }
    return spec;
}

PlotSpec salienceSpec(const SalienceSummary& summary, const SalienceDescription& definition, const QColor& colour) {
    PlotSpec spec;
    spec.title = QStringLiteral("Salience of weights: ") + QString::fromStdString(definition.label);
    spec.x.label = QStringLiteral("log₁₀ of ") + QString::fromStdString(definition.label).toLower();
    spec.y.label = QStringLiteral("weights");
    spec.empty_text = QStringLiteral("No salience measured: it needs calibration data");
    PlotSeries series = countsSeries(summary.log_score_counts, summary.minimum, summary.maximum);
    series.shape = SeriesShape::bars;
    series.colour = colour;
    spec.series.push_back(std::move(series));
    return spec;
}

PlotSpec channelShareSpec(const std::vector<ChannelShareCurve>& curves) {
    PlotSpec spec;
    spec.title = QStringLiteral("Share of salience held by the largest channels");
    spec.x.label = QStringLiteral("share of input channels, largest first");
    spec.x.unit = QStringLiteral("%");
    spec.x.minimum = 0.0;
    spec.x.maximum = 100.0;
    spec.y.label = QStringLiteral("salience share");
    spec.y.unit = QStringLiteral("%");
    spec.y.minimum = 0.0;
    spec.y.maximum = 104.0;
    spec.empty_text = QStringLiteral("No salience measured: it needs calibration data");
    for (const ChannelShareCurve& curve : curves) {
        const std::vector<float> shares = sortedShares(curve.channel_share);
        PlotSeries series;
        series.id = curve.id;
        series.name = curve.name;
        series.colour = curve.colour;
        const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
        // The head of the curve is what matters: all of its first points, then every step-th.
        const std::size_t step = std::max<std::size_t>(1, shares.size() / kCurvePoints);
        double sum = 0.0;
        series.x.push_back(0.0);
        series.y.push_back(0.0);
        for (std::size_t i = 0; i < shares.size() && total > 0.0; ++i) {
            sum += static_cast<double>(shares[i]);
            if (i >= 64 && i % step != 0 && i + 1 != shares.size()) continue;
            series.x.push_back(100.0 * static_cast<double>(i + 1) / static_cast<double>(shares.size()));
            series.y.push_back(100.0 * sum / total);
        }
        if (series.x.size() > 1) spec.series.push_back(std::move(series));
    }
    if (!spec.series.empty()) spec.lines.push_back({Qt::Vertical, 5.0, QStringLiteral("5 %"), {}});
    spec.crosshair_at_x = false;
    return spec;
}

double topChannelShare(const std::vector<float>& channel_share, double channel_fraction) {
    const std::vector<float> shares = sortedShares(channel_share);
    const auto count = static_cast<std::ptrdiff_t>(
        std::clamp(std::ceil(static_cast<double>(shares.size()) * channel_fraction), 0.0, double(shares.size())));
    const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
    return total > 0.0 ? std::accumulate(shares.begin(), shares.begin() + count, 0.0) / total : 0.0;
}

namespace {

template <typename Place>
PlotSeries scoreSeries(const QString& name, const ScoreLine& line, std::vector<ScorePoint> points, const Place& place) {
    PlotSeries series;
    series.name = name;
    series.id = name;
    series.colour = line.colour;
    series.shape = SeriesShape::line_points;
    std::ranges::sort(points, std::greater<>(), &ScorePoint::bits);
    for (const ScorePoint& point : points) {
        series.x.push_back(place(point.bits));
        series.y.push_back(point.value);
        series.point_ids.push_back(point.run_id);
    }
    return series;
}

}  // namespace

PlotSpec scoreChartSpec(const std::vector<ScoreLine>& lines, std::optional<double> full_precision,
                        const QString& score_label, ScaleKind scale, BitsAxis axis) {
    PlotSpec spec;
    spec.title = score_label + QStringLiteral(" against bits");
    spec.y.label = score_label;
    spec.y.scale = scale;
    spec.x.reversed = axis == BitsAxis::effective;
    spec.x.label = axis == BitsAxis::effective ? QStringLiteral("bits per weight") : QString();
    spec.empty_text = QStringLiteral("Scores appear as benchmarks finish");
    std::set<double, std::greater<>> widths;
    for (const ScoreLine& line : lines)
        for (const ScorePoint& point : line.points) widths.insert(point.bits);
    const auto place = [&](double bits) {
        return axis == BitsAxis::effective ? bits
                                           : static_cast<double>(std::distance(widths.begin(), widths.find(bits)));
    };
    if (axis == BitsAxis::nominal && !widths.empty()) {
        for (const double bits : widths)
            spec.x.named_ticks.emplace_back(place(bits), valueText(bits) + QStringLiteral(" bits"));
        spec.x.minimum = -0.3;
        spec.x.maximum = static_cast<double>(widths.size()) - 0.7;
    }
    for (const ScoreLine& line : lines) spec.series.push_back(scoreSeries(line.method, line, line.points, place));
    for (const ScoreLine& line : lines) {
        if (line.published.empty()) continue;
        auto ghost = scoreSeries(QStringLiteral("%1, published").arg(line.method), line, line.published, place);
        ghost.dashed = true;
        ghost.filled_points = false;
        spec.series.push_back(std::move(ghost));
    }
    if (full_precision) {
        const QString label = QStringLiteral("full precision ") + valueText(*full_precision);
        spec.lines.push_back({Qt::Horizontal, *full_precision, label, {}});
    }
    return spec;
}

}  // namespace quantoscope
