#include <string>

#include "core/analysis/analyse_linear.h"
#include "core/device/gpu_factorization.h"
#include "kernels/cholesky/cholesky.h"

namespace quantoscope {

namespace {

constexpr double kDamping = 0.01;

/// The factor, found on the GPU that gathered the matrix; false where that has no room or finds none.
Result<bool> factorOnGpu(const SiteStatistics& statistics, double mean, Matrix& factor) {
    if (!statistics.gpu_gram) return false;
    const double tokens = static_cast<double>(statistics.token_count);
    std::vector<float> diagonal;
    diagonal.reserve(static_cast<std::size_t>(factor.columns));
    for (std::int64_t j = 0; j < factor.columns; ++j)
        diagonal.push_back(static_cast<float>(static_cast<double>(statistics.gram.at(j, j)) / tokens));
    QS_ASSIGN(const auto factorization,
              GpuFactorization::prepare(*statistics.gpu_gram, static_cast<float>(1.0 / tokens), diagonal, {}));
    if (!factorization) return false;
    QS_ASSIGN(const bool found, factorization->factorize(static_cast<float>(kDamping * mean), false));
    if (!found) return false;
    QS_TRY(factorization->download(factor.values.data()));
    return true;
}

Status factorOnCpu(const SiteStatistics& statistics, double mean, Matrix& factor, const JobContext& job) {
    const double tokens = static_cast<double>(statistics.token_count);
    for (std::size_t i = 0; i < factor.values.size(); ++i)
        factor.values[i] = static_cast<float>(static_cast<double>(statistics.gram.values[i]) / tokens);
    for (std::int64_t j = 0; j < factor.columns; ++j)
        factor.at(j, j) = static_cast<float>(static_cast<double>(statistics.gram.at(j, j)) / tokens + kDamping * mean);
    const auto status = kernels::inverseFactor(factor.values.data(), factor.columns, job.stopToken());
    if (status == kernels::KernelStatus::cancelled) return cancelled();
    if (status == kernels::KernelStatus::ok) return {};
    return failure(
        "The calibration data leave directions of a layer unseen, so its Hessian cannot be inverted: use more "
        "calibration text.");
}

}  // namespace

Result<std::vector<float>> inverseHessianDiagonal(const SiteStatistics& statistics, const JobContext& job) {
    const std::int64_t n = statistics.gram.columns;
    if (n <= 0 || statistics.gram.rows != n || statistics.token_count <= 0)
        return failure("The Hessian salience needs calibration data: choose a calibration text.");
    QS_TRY(job.checkStop());
    Matrix factor(n, n);
    const double tokens = static_cast<double>(statistics.token_count);
    double mean = 0.0;
    for (std::int64_t j = 0; j < n; ++j)
        mean += static_cast<double>(statistics.gram.at(j, j)) / tokens / static_cast<double>(n);
    QS_ASSIGN(const bool found, factorOnGpu(statistics, mean, factor));
    if (!found) QS_TRY(factorOnCpu(statistics, mean, factor, job));
    // H^-1 = U^T U with U upper triangular: its diagonal is the squared length of U's columns.
    std::vector<double> sums(static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < n; ++i)
        for (std::int64_t j = i; j < n; ++j)
            sums[static_cast<std::size_t>(j)] +=
                static_cast<double>(factor.at(i, j)) * static_cast<double>(factor.at(i, j));
    return std::vector<float>(sums.begin(), sums.end());
}

}  // namespace quantoscope
