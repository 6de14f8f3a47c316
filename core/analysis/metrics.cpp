#include <cmath>
#include <limits>
#include <span>

#include "core/analysis/layer_record.h"

namespace quantoscope {

const std::vector<MetricDescription>& linearMetrics() {
    static const std::vector<MetricDescription> metrics{
        {"relative_output_error", "Output error (relative)", "", true, true, false,
         "Squared change of the linear's output over all calibration tokens, divided by the squared output: tr(D G "
         "D^T) / tr(W G "
         "W^T), with D = W - W_q and G = sum over tokens of x x^T."},
        {"output_mse", "Output MSE", "", true, true, false,
         "Mean squared change of one output value over all calibration tokens: tr(D G D^T) / (tokens x rows)."},
        {"output_sqnr", "Output SQNR", "dB", false, false, false,
         "Signal to quantization noise of the output: -10 log10 of the relative output error."},
        {"relative_weight_error", "Weight error (relative)", "", true, true, false,
         "Frobenius norm of the weight error divided by that of the weights: |W - W_q| / |W|."},
        {"weight_mse", "Weight MSE", "", true, true, false,
         "Mean squared weight error: sum (W - W_q)^2 / (rows x columns)."},
        {"weight_sqnr", "Weight SQNR", "dB", false, false, false,
         "Signal to quantization noise of the weights: 10 log10(|W|^2 / |W - W_q|^2)."},
        {"cosine", "Cosine", "", false, false, false,
         "Cosine of the angle between the weights: <W, W_q> / (|W| |W_q|)."},
        {"max_error", "Largest error", "", true, true, false, "Largest absolute weight error: max |W - W_q|."},
        {"bits_per_weight", "Bits per weight", "bits", true, false, false,
         "Stored bits divided by the number of weights, with scales, zero points and group index."},
        {"effective_bits", "Effective bits", "bits", false, false, false,
         "Bits at which evenly spread weights on a uniform grid would have this weight SQNR: SQNR / 6.02 dB, that is "
         "log2(|W| / "
         "|W - W_q|)."},
        {"clipping_error", "Clipping error", "", true, true, false,
         "Part of the output error (relative) made by weights outside their group's range, each channel for itself: "
         "sum "
         "over those of D_ij^2 G_jj / tr(W G W^T).",
         true},
        {"outlier_channel_error", "Outlier channel error", "", true, true, false,
         "The same sum over weights within range whose input channel is an outlier: its root mean square over the "
         "calibration tokens is above 6 times the median channel's.",
         true},
        {"rounding_error", "Rounding error", "", true, true, false,
         "The same sum over all other weights: rounding in ordinary channels.", true},
        {"channel_interaction", "Channel interaction", "", true, false, true,
         "What errors of different channels do to each other: sum over j != k of D_ij G_jk D_ik / tr(W G W^T). Below "
         "zero they make up for each other. Clipping, outlier channels, rounding and this add up to the output error."},
        {"inherited_error", "Inherited error", "", true, true, false,
         "Squared change of the original linear's output because the blocks before are quantized, divided by the "
         "squared output; on the first calibration sequence: |W (x' - x)|^2 / |W x|^2.",
         true},
        {"clipped_share", "Clipped share of W", "", true, true, false,
         "Share of the original weights that lie more than half a step outside the range of their group's grid.", true},
        {"outlier_channels", "Outlier channels", "channels", true, false, false,
         "Input channels whose root mean square over the calibration tokens is above 6 times the median channel's."},
        {"kurtosis", "Kurtosis of W", "", true, true, false,
         "Fourth central moment of the original weights over their squared variance (3 for a normal distribution)."},
        {"outlier_share", "Outlier share of W", "", true, true, false,
         "Share of the original weights with |w| above 6 standard deviations of the matrix.", true},
    };
    return metrics;
}

double meanOverLinears(std::span<const double> values, const MetricDescription& metric) {
    const bool geometric = metric.logarithmic && !metric.can_be_zero;
    double sum = 0.0;
    double count = 0.0;
    for (const double value : values) {
        if (!std::isfinite(value) || (geometric && value <= 0.0)) continue;
        sum += geometric ? std::log(value) : value;
        count += 1.0;
    }
    if (count == 0.0) return std::numeric_limits<double>::quiet_NaN();
    return geometric ? std::exp(sum / count) : sum / count;
}

const std::vector<SalienceDescription>& salienceDefinitions() {
    static const std::vector<SalienceDescription> definitions{
        {"magnitude", "Magnitude", "|w|: the size of the weight alone."},
        {"activation_weighted", "Activation-weighted",
         "|w| times the root mean square of its input channel over the calibration tokens, sqrt(G_jj / tokens)."},
        {"hessian_diagonal", "Hessian",
         "w^2 / [H^-1]_jj: what removing the weight costs when the others of its row make up for it (optimal brain "
         "surgeon), with H "
         "= G / tokens + 0.01 mean(diag) I."},
    };
    return definitions;
}

}  // namespace quantoscope
