// The charts of the Analyse and Evaluate pages as PlotSpecs.
#pragma once

#include <string>
#include <vector>

#include "core/analysis/layer_record.h"
#include "widgets/heatmap/heatmap_data.h"
#include "widgets/plots/plot_spec.h"

namespace quantoscope {

/// One run's metric along the blocks.
struct RunCurve {
    QString run_id;
    QString name;
    QColor colour;
    HeatmapData data;
};
/// Line per run; `row` picks a linear, nothing takes the mean over the linears of a block (meanOverLinears).
PlotSpec layerCurveSpec(const std::vector<RunCurve>& runs, const MetricDescription& metric, std::optional<int> row,
                        ScaleKind scale);

/// Counts of W (bars, log) with the grid levels as lines numbered from 0; dequantized counts as points when
/// `with_quantized`.
enum class HistogramContent { original, original_and_quantized };
PlotSpec weightHistogramSpec(const WeightHistogram& histogram, const QString& linear_name, const QColor& run_colour,
                             HistogramContent content);

/// Distribution of log10(score).
PlotSpec salienceSpec(const SalienceSummary& summary, const SalienceDescription& definition, const QColor& colour);
struct ChannelShareCurve {
    QString id;
    QString name;
    QColor colour;
    std::vector<float> channel_share;
};
/// Channels sorted by share, summed from the largest: x and y in percent.
PlotSpec channelShareSpec(const std::vector<ChannelShareCurve>& curves);
/// What share of the sum the top `channel_fraction` of the channels hold, 0 to 1.
double topChannelShare(const std::vector<float>& channel_share, double channel_fraction);

struct ScorePoint {
    QString run_id;
    double bits = 0.0;
    double value = 0.0;
};
struct ScoreLine {
    QString method;  ///< label of the method
    QColor colour;
    std::vector<ScorePoint> points;
    std::vector<ScorePoint> published = {};  ///< what others report, drawn as a ghost; at widths that have a point
};
enum class BitsAxis { nominal, effective };  ///< whole bit widths, largest left as in the study; or bits per weight
/// Score against bits, line per method, the full-precision value as a ghost line.
PlotSpec scoreChartSpec(const std::vector<ScoreLine>& lines, std::optional<double> full_precision,
                        const QString& score_label, ScaleKind scale, BitsAxis axis);

}  // namespace quantoscope
