#include "core/methods/gptq_factor.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <new>
#include <numeric>

#include "core/methods/grid_options.h"
#include "kernels/cholesky/cholesky.h"

namespace quantoscope {
namespace {

using kernels::KernelStatus;

constexpr double kDampStep = 0.01;
constexpr int kFloorSteps = 6;

/// The diagonal of H, dead inputs set to 1.
std::vector<float> liveDiagonal(const Matrix& gram, float scale, std::vector<std::int32_t>& dead) {
    std::vector<float> diagonal(static_cast<std::size_t>(gram.columns));
    for (std::int64_t j = 0; j < gram.columns; ++j) {
        float value = scale * gram.at(j, j);
        if (value == 0.0F) {
            dead.push_back(static_cast<std::int32_t>(j));
            value = 1.0F;
        }
        diagonal[static_cast<std::size_t>(j)] = value;
    }
    return diagonal;
}

/// Columns by falling diagonal, equal ones as they come.
std::vector<std::int32_t> descending(const std::vector<float>& diagonal) {
    std::vector<std::int32_t> order(diagonal.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, [&](std::int32_t a, std::int32_t b) {
        return diagonal[static_cast<std::size_t>(a)] > diagonal[static_cast<std::size_t>(b)];
    });
    return order;
}

/// Writes the permuted, damped H into a matrix that the factorization will overwrite.
class Preparation {
public:
    Preparation(const Matrix& gram, float scale, const std::vector<float>& diagonal,
                const std::vector<std::int32_t>& order)
        : gram_(gram), scale_(scale), diagonal_(diagonal), order_(order) {}

    void write(double added, float* target) const {
        const auto n = gram_.columns;
        for (std::int64_t i = 0; i < n; ++i) {
            const auto column = place(i);
            const auto source = gram_.row(column);
            float* const row = target + i * n;
            for (std::int64_t j = 0; j < n; ++j) row[j] = scale_ * source[static_cast<std::size_t>(place(j))];
            row[i] = diagonal_[static_cast<std::size_t>(column)] + static_cast<float>(added);
        }
    }

private:
    std::int64_t place(std::int64_t i) const { return order_.empty() ? i : order_[static_cast<std::size_t>(i)]; }

    friend class Factorization;
    const Matrix& gram_;
    float scale_;
    const std::vector<float>& diagonal_;
    const std::vector<std::int32_t>& order_;
};

/// Attempts at one factor, on the GPU that holds the Gram matrix or on the CPU.
class Factorization {
public:
    Factorization(const Preparation& preparation, const std::string& site_name)
        : preparation_(preparation), site_name_(site_name) {}

    Status reserve(const GpuBytes* gpu_gram) {
        if (gpu_gram != nullptr) {
            QS_ASSIGN(on_gpu_, GpuFactorization::prepare(*gpu_gram, preparation_.scale_, preparation_.diagonal_,
                                                         preparation_.order_));
            if (on_gpu_) return {};
            gpu_gram->gpu().note("The GPU has no room to factorize " + site_name_ + ": it is done on the CPU.");
        }
        values_.reset(new (std::nothrow) float[preparation_.gram_.values.size()]);
        return values_ ? Status{} : kernelStatus(KernelStatus::out_of_memory, "factorizing " + site_name_);
    }
    /// False: not positive definite.
    Result<bool> attempt(double added, bool float64, const JobContext& job) {
        if (on_gpu_) return on_gpu_->factorize(static_cast<float>(added), float64);
        preparation_.write(added, values_.get());
        const auto n = preparation_.gram_.columns;
        const auto status = float64 ? kernels::inverseFactorFloat64(values_.get(), n, job.stopToken())
                                    : kernels::inverseFactor(values_.get(), n, job.stopToken());
        if (status == KernelStatus::not_positive_definite) return false;
        QS_TRY(kernelStatus(status, "factorizing " + site_name_));
        return true;
    }
    void give(GptqFactor& factor) {
        factor.values = std::move(values_);
        factor.on_gpu = std::move(on_gpu_);
    }

private:
    const Preparation preparation_;
    const std::string& site_name_;
    std::unique_ptr<float[]> values_;
    std::shared_ptr<GpuFactorization> on_gpu_;
};

struct Attempt {
    double damp;
    double floor;
    bool float64;
};

std::vector<Attempt> attempts(double damp_percent) {
    std::vector<Attempt> list{{damp_percent, 0.0, false}, {damp_percent, 0.0, true}};
    for (double damp = damp_percent + kDampStep; damp < 1.0; damp += kDampStep) list.push_back({damp, 0.0, true});
    for (int k = 0; k < kFloorSteps; ++k) list.push_back({damp_percent, 1e-6 * std::pow(10.0, k), true});
    return list;
}

std::string attemptNote(const Attempt& attempt, double damp_percent, const std::string& site_name) {
    char text[160];
    if (attempt.floor > 0.0)
        std::snprintf(text, sizeof(text), "%.0e of the largest diagonal entry added in ", attempt.floor);
    else if (attempt.damp > damp_percent)
        std::snprintf(text, sizeof(text), "damping raised from %g to %g in ", damp_percent, attempt.damp);
    else
        std::snprintf(text, sizeof(text), "factorized in float64 in ");
    return text + site_name;
}

Status checkGram(const SiteStatistics& statistics, const std::string& site_name) {
    const auto& gram = statistics.gram;
    if (gram.rows < 1 || gram.rows != gram.columns || statistics.sequence_count < 1)
        return failure("there are no second moments for " + site_name + "; give calibration data");
    const bool finite = std::ranges::all_of(gram.values, [](float value) { return std::isfinite(value); });
    if (!finite)
        return failure("the inputs of " + site_name +
                       " are not finite numbers on the calibration data; the model overflows there");
    return {};
}

}  // namespace

Result<GptqFactor> gptqFactor(const SiteStatistics& statistics, bool descending_order, double damp_percent,
                              const std::string& site_name, const JobContext& job) {
    QS_TRY(checkGram(statistics, site_name));
    const auto& gram = statistics.gram;
    const auto n = gram.columns;
    const auto scale = static_cast<float>(2.0 / static_cast<double>(statistics.sequence_count));
    GptqFactor factor;
    const auto diagonal = liveDiagonal(gram, scale, factor.dead);
    if (descending_order) factor.order = descending(diagonal);
    const double mean = std::accumulate(diagonal.begin(), diagonal.end(), 0.0) / static_cast<double>(n);
    const double largest = *std::ranges::max_element(diagonal);
    Factorization factorization({gram, scale, diagonal, factor.order}, site_name);
    QS_TRY(factorization.reserve(statistics.gpu_gram.get()));
    for (const auto& attempt : attempts(damp_percent)) {
        QS_TRY(job.checkStop());
        QS_ASSIGN(const bool found,
                  factorization.attempt(attempt.damp * mean + attempt.floor * largest, attempt.float64, job));
        if (!found) continue;
        if (attempt.float64) factor.note = attemptNote(attempt, damp_percent, site_name);
        factorization.give(factor);
        return factor;
    }
    factor.note = "no factor exists for " + site_name + "; rounded to nearest";
    return factor;
}

}  // namespace quantoscope
