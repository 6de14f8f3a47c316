#include "core/analysis/histogram.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace quantoscope {
namespace {

constexpr std::int64_t kBins = 256;

struct Range {
    float minimum = std::numeric_limits<float>::infinity();
    float maximum = -std::numeric_limits<float>::infinity();
};

Range rangeOf(const Matrix& matrix) {
    constexpr float kLargest = std::numeric_limits<float>::max();
    Range range;
    for (const float value : matrix.values) {
        const bool finite = value >= -kLargest && value <= kLargest;
        range.minimum = finite && value < range.minimum ? value : range.minimum;
        range.maximum = finite && value > range.maximum ? value : range.maximum;
    }
    return range;
}

/// Whole-number counts: their sum is the same in any order.
std::vector<std::uint64_t> countBins(const Matrix& matrix, double minimum, double maximum) {
    std::vector<std::uint64_t> counts(kBins);
    const auto first = static_cast<float>(minimum);
    const auto per_bin = static_cast<float>(maximum > minimum ? static_cast<double>(kBins) / (maximum - minimum) : 0.0);
#pragma omp parallel
    {
        std::array<std::uint64_t, kBins> own{};
#pragma omp for schedule(static)
        for (std::int64_t i = 0; i < matrix.rows; ++i)
            for (const float value : matrix.row(i)) {
                const float position = (value - first) * per_bin;
                if (!(position >= 0.0F && position < 1e9F)) continue;  // not finite, or below by rounding
                ++own[static_cast<std::size_t>(std::min<std::int64_t>(static_cast<std::int64_t>(position), kBins - 1))];
            }
#pragma omp critical
        for (std::size_t bin = 0; bin < own.size(); ++bin) counts[bin] += own[bin];
    }
    return counts;
}

void drawGrid(const QuantizedTensor& quantized, WeightHistogram& histogram) {
    if (quantized.scales.values.empty()) return;
    const auto widest =
        std::ranges::max_element(quantized.scales.values, [](float a, float b) { return std::fabs(a) < std::fabs(b); });
    const std::int64_t at = widest - quantized.scales.values.begin();
    histogram.grid_row = at / quantized.scales.columns;
    histogram.grid_group = at % quantized.scales.columns;
    float unfold =
        quantized.output_scale.empty() ? 1.0F : quantized.output_scale[static_cast<std::size_t>(histogram.grid_row)];
    if (!quantized.input_scale.empty()) {
        float smallest = std::numeric_limits<float>::infinity();
        for (std::int64_t j = 0; j < quantized.columns; ++j)
            if (quantized.groupOf(j) == histogram.grid_group)
                smallest = std::min(smallest, std::fabs(quantized.input_scale[static_cast<std::size_t>(j)]));
        if (std::isfinite(smallest) && smallest > 0.0F) unfold /= smallest;
    }
    const float scale = *widest;
    const float zero = quantized.zero_points.values[static_cast<std::size_t>(at)];
    for (int code = 0; code < 1 << quantized.bits; ++code)
        histogram.grid_levels.push_back(scale * (static_cast<float>(code) - zero) * unfold);
}

/// log10 |w|, -infinity for zero and for what is not finite.
float logMagnitude(float weight) {
    const float size = std::fabs(weight);
    return size > 0.0F && size <= std::numeric_limits<float>::max() ? std::log10(size)
                                                                    : -std::numeric_limits<float>::infinity();
}

/// By the upper half of a float's bits: most checkpoints hold bfloat16, whose lower half is zero.
const std::vector<float>& bfloat16Logs() {
    static const auto logs = [] {
        std::vector<float> values(1U << 16U);
        for (std::uint32_t bits = 0; bits < values.size(); ++bits)
            values[bits] = logMagnitude(std::bit_cast<float>(bits << 16U));
        return values;
    }();
    return logs;
}

std::vector<float> logMagnitudes(const Matrix& weight) {
    std::vector<float> logs(weight.values.size());
    const auto count = static_cast<std::int64_t>(logs.size());
    const float* const known = bfloat16Logs().data();
#pragma omp parallel for schedule(static)
    for (std::int64_t i = 0; i < count; ++i) {
        const float value = weight.values[static_cast<std::size_t>(i)];
        const auto bits = std::bit_cast<std::uint32_t>(value);
        logs[static_cast<std::size_t>(i)] = (bits & 0xFFFFU) == 0 ? known[bits >> 16U] : logMagnitude(value);
    }
    return logs;
}

/// A definition as score(i, j) = |w(i, j)|^power * factor[j]: every one of ours has that form.
struct ScoreForm {
    int power = 1;
    std::vector<double> factor;
};

/// Range of log10(score) over non-zero scores.
void findLogRange(const std::vector<float>& logs, std::int64_t columns, float power, const std::vector<float>& offsets,
                  SalienceSummary& summary) {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    float low = kInfinity;
    float high = -kInfinity;
    const auto rows = static_cast<std::int64_t>(logs.size()) / columns;
#pragma omp parallel for schedule(static) reduction(min : low) reduction(max : high)
    for (std::int64_t i = 0; i < rows; ++i) {
        const float* const row = logs.data() + i * columns;
        const float* const offset = offsets.data();
#pragma omp simd reduction(min : low) reduction(max : high)
        for (std::int64_t j = 0; j < columns; ++j) {
            const float value = power * row[j] + offset[j];
            const float scored = value >= -1e30F ? value : kInfinity;  // zeros have no logarithm
            low = scored < low ? scored : low;
            high = value > high ? value : high;
        }
    }
    if (!(low <= high)) return;
    summary.minimum = static_cast<double>(low);
    summary.maximum = static_cast<double>(high);
}

void countLogScores(const std::vector<float>& logs, std::int64_t columns, float power,
                    const std::vector<float>& offsets, SalienceSummary& summary) {
    const auto rows = static_cast<std::int64_t>(logs.size()) / columns;
    const auto low = static_cast<float>(summary.minimum);
    const double width = summary.maximum - summary.minimum;
    const auto per_bin = static_cast<float>(width > 0.0 ? static_cast<double>(kBins) / width : 0.0);
#pragma omp parallel
    {
        std::array<std::uint64_t, kBins> own{};
#pragma omp for schedule(static)
        for (std::int64_t i = 0; i < rows; ++i) {
            const float* row = logs.data() + i * columns;
            for (std::int64_t j = 0; j < columns; ++j) {
                const float value = power * row[j] + offsets[static_cast<std::size_t>(j)];
                if (!(value >= low)) continue;
                ++own[static_cast<std::size_t>(
                    std::min<std::int64_t>(static_cast<std::int64_t>((value - low) * per_bin), kBins - 1))];
            }
        }
#pragma omp critical
        for (std::size_t bin = 0; bin < own.size(); ++bin) summary.log_score_counts[bin] += own[bin];
    }
}

/// Per column: sum of |w| and of w^2, row after row in double.
void columnSums(const Matrix& weight, std::vector<double>& absolute, std::vector<double>& squared) {
    absolute.assign(static_cast<std::size_t>(weight.columns), 0.0);
    squared = absolute;
    for (std::int64_t i = 0; i < weight.rows; ++i) {
        const auto row = weight.row(i);
        for (std::size_t j = 0; j < row.size(); ++j) {
            const double value = std::isfinite(row[j]) ? static_cast<double>(row[j]) : 0.0;
            absolute[j] += std::fabs(value);
            squared[j] += value * value;
        }
    }
}

SalienceSummary summarize(const std::vector<float>& logs, const std::vector<double>& column_sums,
                          const ScoreForm& form) {
    SalienceSummary summary;
    summary.log_score_counts.assign(kBins, 0);
    std::vector<float> offsets(form.factor.size());
    std::ranges::transform(form.factor, offsets.begin(), [](double factor) {
        return factor > 0.0 ? static_cast<float>(std::log10(factor)) : -std::numeric_limits<float>::infinity();
    });
    const auto columns = static_cast<std::int64_t>(offsets.size());
    const auto power = static_cast<float>(form.power);
    findLogRange(logs, columns, power, offsets, summary);
    countLogScores(logs, columns, power, offsets, summary);
    double total = 0.0;
    for (std::size_t j = 0; j < offsets.size(); ++j) total += column_sums[j] * form.factor[j];
    summary.channel_share.resize(offsets.size());
    for (std::size_t j = 0; j < offsets.size(); ++j)
        summary.channel_share[j] = static_cast<float>(total > 0.0 ? column_sums[j] * form.factor[j] / total : 0.0);
    return summary;
}

}  // namespace

WeightHistogram weightHistogram(const Matrix& weight, const Matrix& dequantized, const QuantizedTensor* quantized) {
    WeightHistogram histogram;
    const Range original = rangeOf(weight);
    const Range rounded = rangeOf(dequantized);
    const float minimum = std::min(original.minimum, rounded.minimum);
    const float maximum = std::max(original.maximum, rounded.maximum);
    if (minimum <= maximum) {
        histogram.minimum = static_cast<double>(minimum);
        histogram.maximum = static_cast<double>(maximum);
    }
    histogram.original_counts = countBins(weight, histogram.minimum, histogram.maximum);
    histogram.quantized_counts = countBins(dequantized, histogram.minimum, histogram.maximum);
    if (quantized != nullptr) drawGrid(*quantized, histogram);
    return histogram;
}

std::map<std::string, SalienceSummary> salienceSummaries(const Matrix& weight, const SiteStatistics* statistics,
                                                         const std::vector<float>* inverse_diagonal) {
    std::map<std::string, SalienceSummary> summaries;
    if (weight.rows <= 0 || weight.columns <= 0) return summaries;
    const auto columns = static_cast<std::size_t>(weight.columns);
    const std::vector<float> logs = logMagnitudes(weight);
    std::vector<double> absolute;
    std::vector<double> squared;
    columnSums(weight, absolute, squared);
    summaries["magnitude"] = summarize(logs, absolute, {1, std::vector<double>(columns, 1.0)});
    if (statistics != nullptr && statistics->gram.columns == weight.columns && statistics->token_count > 0) {
        ScoreForm form{1, std::vector<double>(columns)};
        for (std::int64_t j = 0; j < weight.columns; ++j)
            form.factor[static_cast<std::size_t>(j)] =
                std::sqrt(std::max(0.0, static_cast<double>(statistics->gram.at(j, j))) /
                          static_cast<double>(statistics->token_count));
        summaries["activation_weighted"] = summarize(logs, absolute, form);
    }
    if (inverse_diagonal != nullptr && inverse_diagonal->size() == columns) {
        ScoreForm form{2, std::vector<double>(columns)};
        for (std::size_t j = 0; j < columns; ++j) {
            const double inverse = static_cast<double>((*inverse_diagonal)[j]);
            form.factor[j] = inverse > 0.0 && std::isfinite(inverse) ? 1.0 / inverse : 0.0;
        }
        summaries["hessian_diagonal"] = summarize(logs, squared, form);
    }
    return summaries;
}

}  // namespace quantoscope
