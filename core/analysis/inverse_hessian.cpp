#include <string>

#include "core/analysis/analyse_linear.h"
#include "kernels/cholesky/cholesky.h"

namespace quantoscope {

Result<std::vector<float>> inverseHessianDiagonal(const SiteStatistics& statistics, const JobContext& job) {
    constexpr double kDamping = 0.01;
    const std::int64_t n = statistics.gram.columns;
    if (n <= 0 || statistics.gram.rows != n || statistics.token_count <= 0)
        return failure("The Hessian salience needs calibration data: choose a calibration text.");
    QS_TRY(job.checkStop());
    Matrix factor(n, n);
    const double tokens = static_cast<double>(statistics.token_count);
    double mean = 0.0;
    for (std::int64_t j = 0; j < n; ++j)
        mean += static_cast<double>(statistics.gram.at(j, j)) / tokens / static_cast<double>(n);
    for (std::size_t i = 0; i < factor.values.size(); ++i)
        factor.values[i] = static_cast<float>(static_cast<double>(statistics.gram.values[i]) / tokens);
    for (std::int64_t j = 0; j < n; ++j)
        factor.at(j, j) = static_cast<float>(static_cast<double>(statistics.gram.at(j, j)) / tokens + kDamping * mean);
    const auto status = kernels::inverseFactor(factor.values.data(), n, job.stopToken());
    if (status == kernels::KernelStatus::cancelled) return cancelled();
    if (status != kernels::KernelStatus::ok)
        return failure(
            "The calibration data leave directions of a layer unseen, so its Hessian cannot be inverted: use more "
            "calibration text.");
    // H^-1 = U^T U with U upper triangular: its diagonal is the squared length of U's columns.
    std::vector<double> sums(static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < n; ++i)
        for (std::int64_t j = i; j < n; ++j)
            sums[static_cast<std::size_t>(j)] +=
                static_cast<double>(factor.at(i, j)) * static_cast<double>(factor.at(i, j));
    return std::vector<float>(sums.begin(), sums.end());
}

}  // namespace quantoscope
