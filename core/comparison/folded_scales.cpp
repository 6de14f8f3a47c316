#include "core/comparison/folded_scales.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace quantoscope {
namespace {

constexpr double kNormNoise = 0.005;        // two roundings to bfloat16
constexpr double kLeastSpread = 0.02;       // of log scales: less is the noise of quantization
constexpr double kLeastCorrelation = 0.95;  // between what rows and what columns say

/// other / base where both are known; empty when they are the same but for rounding.
std::vector<float> normRatio(const std::vector<float>& base, const std::vector<float>& other) {
    std::vector<float> ratio(base.size(), 1.0F);
    bool differs = false;
    for (std::size_t i = 0; i < base.size(); ++i) {
        const float quotient = other[i] / base[i];
        if (!std::isfinite(quotient) || !(quotient > 0.0F)) continue;
        ratio[i] = quotient;
        differs = differs || std::fabs(static_cast<double>(quotient) - 1.0) > kNormNoise;
    }
    return differs ? ratio : std::vector<float>{};
}

std::vector<double> rowNorms(const Matrix& matrix) {
    std::vector<double> norms(static_cast<std::size_t>(matrix.rows));
    for (std::int64_t i = 0; i < matrix.rows; ++i) {
        double sum = 0.0;
        for (const float value : matrix.row(i)) sum += static_cast<double>(value) * static_cast<double>(value);
        norms[static_cast<std::size_t>(i)] = std::sqrt(sum);
    }
    return norms;
}

std::vector<double> columnNorms(const Matrix& matrix) {
    std::vector<double> norms(static_cast<std::size_t>(matrix.columns));
    for (std::int64_t i = 0; i < matrix.rows; ++i) {
        const auto row = matrix.row(i);
        for (std::size_t j = 0; j < row.size(); ++j)
            norms[j] += static_cast<double>(row[j]) * static_cast<double>(row[j]);
    }
    for (double& norm : norms) norm = std::sqrt(norm);
    return norms;
}

/// log(a / b), 0 where either is not positive.
std::vector<double> logRatios(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> logs(a.size());
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] > 0.0 && b[i] > 0.0 && std::isfinite(a[i]) && std::isfinite(b[i])) logs[i] = std::log(a[i] / b[i]);
    return logs;
}

struct Spread {
    double deviation = 0.0;
    double correlation = 0.0;
};

Spread spreadOf(std::span<const double> a, std::span<const double> b) {
    const auto count = static_cast<double>(a.size());
    double mean_a = 0.0;
    double mean_b = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        mean_a += a[i] / count;
        mean_b += b[i] / count;
    }
    double aa = 0.0;
    double bb = 0.0;
    double ab = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        aa += (a[i] - mean_a) * (a[i] - mean_a);
        bb += (b[i] - mean_b) * (b[i] - mean_b);
        ab += (a[i] - mean_a) * (b[i] - mean_b);
    }
    return {std::sqrt(aa / count), aa > 0.0 && bb > 0.0 ? ab / std::sqrt(aa * bb) : 0.0};
}

/// Base over other, by row of `role` (columns unfolded first).
Result<std::vector<double>> rowLogs(const WeightSource& base, const WeightSource& other, const std::string& name,
                                    const Unfolding& known) {
    QS_ASSIGN(const auto original, base.readMatrix(name));
    QS_ASSIGN(auto found, other.readMatrix(name));
    known.apply(found);
    return logRatios(rowNorms(original), rowNorms(found));
}

Result<std::vector<double>> columnLogs(const WeightSource& base, const WeightSource& other, const std::string& name) {
    QS_ASSIGN(const auto original, base.readMatrix(name));
    QS_ASSIGN(const auto found, other.readMatrix(name));
    return logRatios(columnNorms(original), columnNorms(found));
}

/// Scales that went from the rows of `first` into the columns of `second`.
Status findPair(const WeightSource& base, const WeightSource& other, std::int64_t block, LinearRole first,
                LinearRole second, FoldedScales& folded) {
    const auto& config = base.config();
    if (linearRows(config, first) != linearColumns(config, second)) return {};
    auto& rows_of = folded.linears[static_cast<std::size_t>(first)];
    auto& columns_of = folded.linears[static_cast<std::size_t>(second)];
    QS_ASSIGN(const auto rows, rowLogs(base, other, linearPath(block, first) + ".weight", rows_of));
    QS_ASSIGN(auto columns, columnLogs(base, other, linearPath(block, second) + ".weight"));
    for (double& log : columns) log = -log;
    const auto spread = spreadOf(rows, columns);
    if (spread.deviation < kLeastSpread || spread.correlation < kLeastCorrelation) return {};
    rows_of.rows.resize(rows.size());
    columns_of.columns.resize(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const double scale = std::exp(0.5 * (rows[i] + columns[i]));
        rows_of.rows[i] = static_cast<float>(scale);
        columns_of.columns[i] = static_cast<float>(1.0 / scale);
    }
    folded.notes.push_back("scales between " + std::string(linearName(first)) + " and " +
                           std::string(linearName(second)) + " were estimated and put back");
    return {};
}

Status findBehindNorm(const WeightSource& base, const WeightSource& other, const std::string& norm,
                      std::span<const LinearRole> roles, FoldedScales& folded) {
    QS_ASSIGN(const auto original, base.readVector(norm));
    QS_ASSIGN(const auto found, other.readVector(norm));
    const auto ratio = normRatio(original, found);
    if (ratio.empty()) return {};
    for (const auto role : roles) folded.linears[static_cast<std::size_t>(role)].columns = ratio;
    folded.notes.push_back("scales folded into " + norm + " were put back");
    return {};
}

}  // namespace

void Unfolding::apply(Matrix& weight) const {
    if (isIdentity()) return;
    for (std::int64_t i = 0; i < weight.rows; ++i) {
        auto row = weight.row(i);
        const float gain = rows.empty() ? 1.0F : rows[static_cast<std::size_t>(i)];
        for (std::size_t j = 0; j < row.size(); ++j) row[j] *= columns.empty() ? gain : gain * columns[j];
    }
}

Result<FoldedScales> findFoldedScales(const WeightSource& base, const WeightSource& other, std::int64_t block,
                                      const JobContext& job) {
    using enum LinearRole;
    constexpr std::array kBehindInput{q_proj, k_proj, v_proj};
    constexpr std::array kBehindAttention{gate_proj, up_proj};
    FoldedScales folded;
    QS_TRY(findBehindNorm(base, other, inputNormName(block), kBehindInput, folded));
    QS_TRY(findBehindNorm(base, other, postAttentionNormName(block), kBehindAttention, folded));
    QS_TRY(job.checkStop());
    QS_TRY(findPair(base, other, block, v_proj, o_proj, folded));
    QS_TRY(job.checkStop());
    QS_TRY(findPair(base, other, block, up_proj, down_proj, folded));
    return folded;
}

}  // namespace quantoscope
