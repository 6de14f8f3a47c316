#include "core/analysis/analyse_linear.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <string>

#include "core/analysis/error_anatomy.h"
#include "core/analysis/gpu_energy.h"
#include "core/analysis/histogram.h"
#include "kernels/weighted_error/weighted_error.h"

namespace quantoscope {
namespace {

constexpr double kDecibelsPerBit = 6.020599913279624;  // 20 log10(2)

/// Sums over one row; rows are added in order, so that the thread count does not show in the last digit.
struct RowSums {
    double weight = 0.0;
    double weight_squared = 0.0;
    double quantized_squared = 0.0;
    double product = 0.0;
    double error_squared = 0.0;
    float error_largest = 0.0F;
};

RowSums sumRow(std::span<const float> weight, std::span<const float> quantized) {
    RowSums sums;
    for (std::size_t j = 0; j < weight.size(); ++j) {
        const double w = static_cast<double>(weight[j]);
        const double q = static_cast<double>(quantized[j]);
        const double error = w - q;
        sums.weight += w;
        sums.weight_squared += w * w;
        sums.quantized_squared += q * q;
        sums.product += w * q;
        sums.error_squared += error * error;
        const float size = std::fabs(weight[j] - quantized[j]);
        if (!(size <= sums.error_largest)) sums.error_largest = size;
    }
    return sums;
}

RowSums sumMatrix(const Matrix& weight, const Matrix& quantized) {
    std::vector<RowSums> rows(static_cast<std::size_t>(weight.rows));
#pragma omp parallel for schedule(static)
    for (std::int64_t i = 0; i < weight.rows; ++i)
        rows[static_cast<std::size_t>(i)] = sumRow(weight.row(i), quantized.row(i));
    RowSums total;
    for (const auto& row : rows) {
        total.weight += row.weight;
        total.weight_squared += row.weight_squared;
        total.quantized_squared += row.quantized_squared;
        total.product += row.product;
        total.error_squared += row.error_squared;
        if (!(row.error_largest <= total.error_largest)) total.error_largest = row.error_largest;
    }
    return total;
}

/// 10 log10(signal / noise): infinite without noise, absent meaning when there is neither.
double decibels(double signal, double noise) {
    return 10.0 * std::log10(signal / noise);
}

void addWeightMetrics(const RowSums& sums, double count, std::map<std::string, double>& metrics) {
    metrics["weight_mse"] = sums.error_squared / count;
    metrics["max_error"] = static_cast<double>(sums.error_largest);
    if (sums.weight_squared <= 0.0) return;  // an all-zero linear has no direction and no signal
    metrics["relative_weight_error"] = std::sqrt(sums.error_squared / sums.weight_squared);
    metrics["weight_sqnr"] = decibels(sums.weight_squared, sums.error_squared);
    metrics["effective_bits"] = metrics["weight_sqnr"] / kDecibelsPerBit;
    if (sums.quantized_squared > 0.0)
        metrics["cosine"] = std::min(1.0, sums.product / std::sqrt(sums.weight_squared * sums.quantized_squared));
}

/// Kurtosis and the share beyond six standard deviations, from central moments.
void addShapeMetrics(const Matrix& weight, const RowSums& sums, double count, std::map<std::string, double>& metrics) {
    const double mean = sums.weight / count;
    const double variance = std::max(0.0, sums.weight_squared / count - mean * mean);
    const double limit = 6.0 * std::sqrt(variance);
    std::vector<double> fourth(static_cast<std::size_t>(weight.rows));
    std::vector<std::int64_t> outliers(static_cast<std::size_t>(weight.rows));
#pragma omp parallel for schedule(static)
    for (std::int64_t i = 0; i < weight.rows; ++i) {
        double sum = 0.0;
        std::int64_t beyond = 0;
        for (const float value : weight.row(i)) {
            const double from_mean = static_cast<double>(value) - mean;
            const double squared = from_mean * from_mean;
            sum += squared * squared;
            beyond += std::fabs(static_cast<double>(value)) > limit ? 1 : 0;
        }
        fourth[static_cast<std::size_t>(i)] = sum;
        outliers[static_cast<std::size_t>(i)] = beyond;
    }
    if (!(variance > 0.0)) return;
    metrics["kurtosis"] = std::accumulate(fourth.begin(), fourth.end(), 0.0) / count / (variance * variance);
    metrics["outlier_share"] =
        static_cast<double>(std::accumulate(outliers.begin(), outliers.end(), std::int64_t{0})) / count;
}

/// tr(M G M^T)
Result<double> energy(const Matrix& matrix, const SiteStatistics& statistics, const JobContext& job) {
    if (statistics.gpu_gram) {
        QS_ASSIGN(const auto found, energiesOnGpu(matrix, *statistics.gpu_gram));
        if (found) return std::accumulate(found->begin(), found->end(), 0.0);
    }
    const auto& gram = statistics.gram;
    std::vector<double> rows(static_cast<std::size_t>(matrix.rows));
    const auto status = kernels::weightedError(matrix.values.data(), matrix.rows, matrix.columns, gram.values.data(),
                                               rows.data(), job.stopToken());
    if (status == kernels::KernelStatus::cancelled) return cancelled();
    if (status != kernels::KernelStatus::ok)
        return failure(
            "There is not enough memory to measure the output error of a linear: close other programs and resume.");
    return std::accumulate(rows.begin(), rows.end(), 0.0);
}

Status addOutputMetrics(const Matrix& weight, const Matrix& error, const SiteStatistics& statistics,
                        const std::optional<ErrorParts>& parts, const JobContext& job,
                        std::map<std::string, double>& metrics) {
    QS_ASSIGN(const double noise, energy(error, statistics, job));
    QS_ASSIGN(const double signal, energy(weight, statistics, job));
    // The sum is not negative; rounding of a nearly singular Gram matrix may say otherwise.
    const double positive_noise = noise < 0.0 ? 0.0 : noise;
    metrics["output_mse"] =
        positive_noise / (static_cast<double>(statistics.token_count) * static_cast<double>(weight.rows));
    if (signal <= 0.0) return {};
    metrics["relative_output_error"] = positive_noise / signal;
    metrics["output_sqnr"] = decibels(signal, positive_noise);
    if (parts) addAnatomyMetrics(*parts, statistics.gram, positive_noise, signal, metrics);
    return {};
}

std::vector<float> channelError(const Matrix& error) {
    std::vector<double> sums(static_cast<std::size_t>(error.columns));
    for (std::int64_t i = 0; i < error.rows; ++i) {
        const auto row = error.row(i);
        for (std::size_t j = 0; j < row.size(); ++j)
            sums[j] += static_cast<double>(row[j]) * static_cast<double>(row[j]);
    }
    std::vector<float> means(sums.size());
    std::ranges::transform(sums, means.begin(),
                           [&](double sum) { return static_cast<float>(sum / static_cast<double>(error.rows)); });
    return means;
}

Status checkShapes(LinearRole role, const Matrix& weight, std::int64_t rows, std::int64_t columns,
                   const SiteStatistics* statistics) {
    const std::string name(linearName(role));
    const bool whole = weight.rows > 0 && weight.columns > 0 &&
                       weight.values.size() == static_cast<std::size_t>(weight.rows * weight.columns);
    if (!whole || weight.rows != rows || weight.columns != columns)
        return failure("The quantized " + name +
                       " does not have the shape of the original: this is a fault of the method.");
    if (statistics != nullptr && !statistics->gram.values.empty() &&
        (statistics->gram.rows != weight.columns || statistics->gram.columns != weight.columns))
        return failure("The statistics of " + name + " belong to another layer: this is a fault of the run.");
    return {};
}

}  // namespace

std::map<std::string, double> shapeMetrics(const Matrix& weight) {
    RowSums sums;
    double largest = 0.0;
    for (const float value : weight.values) {
        const auto w = static_cast<double>(value);
        sums.weight += w;
        sums.weight_squared += w * w;
        largest = std::max(largest, std::fabs(w));
    }
    std::map<std::string, double> metrics{{"max_weight", largest}};
    if (!weight.values.empty()) addShapeMetrics(weight, sums, static_cast<double>(weight.values.size()), metrics);
    return metrics;
}

namespace {

/// What analyseLinear and compareLinear share. `other` becomes the error; `quantized` may be null.
Result<LinearRecord> analyse(LinearRole role, const Matrix& weight, Matrix other, const QuantizedTensor* quantized,
                             const SiteStatistics* statistics, const JobContext& job,
                             const std::vector<float>* inverse_diagonal) {
    LinearRecord record;
    record.role = role;
    record.rows = weight.rows;
    record.columns = weight.columns;
    const double count = static_cast<double>(weight.rows) * static_cast<double>(weight.columns);
    Matrix& error = other;
    QS_TRY(job.checkStop());
    const RowSums sums = sumMatrix(weight, error);
    addWeightMetrics(sums, count, record.metrics);
    addShapeMetrics(weight, sums, count, record.metrics);
    QS_TRY(job.checkStop());
    record.histogram = weightHistogram(weight, error, quantized);
    QS_TRY(job.checkStop());
    std::ranges::transform(weight.values, error.values, error.values.begin(), [](float w, float q) { return w - q; });
    record.weight_tiles = tilePyramid(weight);
    record.error_tiles = tilePyramid(error);
    record.channel_error = channelError(error);
    QS_TRY(job.checkStop());
    const bool has_data = statistics != nullptr && !statistics->gram.values.empty() && statistics->token_count > 0;
    std::optional<ErrorParts> parts;  // of a grid: what was compared without codes has none
    if (quantized != nullptr) {
        const Matrix none;
        parts = errorParts(weight, error, *quantized, has_data ? statistics->gram : none);
        record.groups = groupErrors(*quantized, record.channel_error, *parts);
        record.metrics["clipped_share"] = static_cast<double>(parts->clipped_weights) / count;
    }
    QS_TRY(job.checkStop());
    if (has_data) QS_TRY(addOutputMetrics(weight, error, *statistics, parts, job, record.metrics));
    record.salience = salienceSummaries(weight, statistics, inverse_diagonal);
    return record;
}

}  // namespace

Result<LinearRecord> analyseLinear(LinearRole role, const Matrix& weight, const QuantizedTensor& quantized,
                                   const SiteStatistics* statistics, const JobContext& job,
                                   const std::vector<float>* inverse_diagonal) {
    QS_TRY(checkShapes(role, weight, quantized.rows, quantized.columns, statistics));
    QS_TRY(quantized.validate(std::string(linearName(role))));
    QS_ASSIGN(auto record,
              analyse(role, weight, quantized.dequantizeUnfolded(), &quantized, statistics, job, inverse_diagonal));
    record.metrics["bits_per_weight"] = quantized.bitsPerWeight();
    return record;
}

Result<LinearRecord> compareLinear(LinearRole role, const Matrix& weight, Matrix other, double bits_per_weight,
                                   const SiteStatistics* statistics, const JobContext& job,
                                   const std::vector<float>* inverse_diagonal) {
    QS_TRY(checkShapes(role, weight, other.rows, other.columns, statistics));
    QS_ASSIGN(auto record, analyse(role, weight, std::move(other), nullptr, statistics, job, inverse_diagonal));
    record.metrics["bits_per_weight"] = bits_per_weight;
    return record;
}

}  // namespace quantoscope
