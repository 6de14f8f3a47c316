#include "core/methods/awq_search.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/methods/grid_options.h"
#include "kernels/awq_search/awq_search.h"

namespace quantoscope {
namespace {

constexpr float kLeastScale = 1e-4F;

/// Candidates from the middle outwards: good ones are usually there, and once one is known the others can stop early.
std::vector<std::int64_t> fromTheMiddle(std::int64_t count) {
    std::vector<std::int64_t> order;
    const auto middle = count / 2;
    for (std::int64_t step = 0; step <= count; ++step) {
        if (middle - step >= 0) order.push_back(middle - step);
        if (step > 0 && middle + step < count) order.push_back(middle + step);
    }
    return order;
}

}  // namespace

std::vector<float> candidateScale(std::span<const float> mean_absolute, double ratio) {
    std::vector<float> scale(mean_absolute.size());
    const auto power = static_cast<float>(ratio);
    for (std::size_t j = 0; j < scale.size(); ++j) scale[j] = std::max(std::pow(mean_absolute[j], power), kLeastScale);
    const auto [least, largest] = std::ranges::minmax(scale);
    const float middle = std::sqrt(largest * least);
    for (auto& value : scale) value /= middle;
    return scale;
}

Result<std::vector<float>> searchScale(AwqModule& module, std::span<const float> mean_absolute, std::int64_t ratios,
                                       const JobContext& job) {
    constexpr auto kNone = std::numeric_limits<double>::infinity();
    const auto candidate = [&](std::int64_t k) {
        return candidateScale(mean_absolute, static_cast<double>(k) / static_cast<double>(ratios));
    };
    std::vector<double> sums(static_cast<std::size_t>(ratios), 0.0);
    double best = kNone;
    const auto slabs = module.slabCount();
    for (std::int64_t slab = 0; slab < slabs; ++slab) {
        QS_TRY(module.enterSlab(slab));
        const bool last = slab + 1 == slabs;
        for (const auto k : fromTheMiddle(ratios)) {
            QS_TRY(job.checkStop());
            auto& sum = sums[static_cast<std::size_t>(k)];
            if (last && sum > best) continue;
            QS_TRY(module.setScale(candidate(k)));
            QS_ASSIGN(const double loss, module.loss(last ? best - sum : kNone));
            sum += loss;
            if (last && sum < best) best = sum;
        }
    }
    const auto chosen = std::ranges::find_if(sums, [&](double sum) { return sum <= best; });
    return candidate(chosen == sums.end() ? 0 : chosen - sums.begin());
}

Result<Matrix> AwqProblem::roundingError(LinearRole role, std::span<const float> scale) const {
    const auto& original = weight(role);
    Matrix error(original.rows, original.columns);
    const kernels::GroupedMatrix shape{original.rows, original.columns, groupColumns(options, original.columns),
                                       original.columns};
    QS_TRY(kernelStatus(kernels::scaledRoundingError(original.values.data(), shape, grid, scale.data(),
                                                     error.values.data(), job.stopToken()),
                        "rounding scaled weights"));
    return error;
}

}  // namespace quantoscope
