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
        {"rounding_share", "Error by rounding", "", true, false, false,
         "Share of the squared error, channels weighted by the mean square of their inputs, of weights that were "
         "rounded "
         "to the nearest level of their grid. See docs/error-anatomy.md."},
        {"clipping_share", "Error by clipping", "", true, false, false,
         "Share of that error of weights beyond the ends of their group's grid."},
        {"outlier_channel_share", "Error in outlier channels", "", true, false, false,
         "Share of that error of rounded weights whose input channel has a root mean square above six times the "
         "median channel's."},
        {"compensation_share", "Error by compensation", "", true, false, false,
         "Share of that error of weights moved further than rounding would: a solver makes up for the errors of "
         "others with them."},
        {"bits_per_weight", "Bits per weight", "bits", true, false, false,
         "Stored bits divided by the number of weights, with scales, zero points and group index."},
        {"effective_bits", "Effective bits", "bits", false, false, false,
         "Bits at which evenly spread weights on a uniform grid would have this weight SQNR: SQNR / 6.02 dB, that is "
         "log2(|W| / "
         "|W - W_q|)."},
        {"kurtosis", "Kurtosis of W", "", true, true, false,
         "Fourth central moment of the original weights over their squared variance (3 for a normal distribution)."},
        {"outlier_share", "Outlier share of W", "", true, true, false,
         "Share of the original weights with |w| above 6 standard deviations of the matrix."},
    };
    return metrics;
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
