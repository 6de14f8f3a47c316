#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/awq_search/awq_search.h"

namespace quantoscope::kernels {
namespace {

double quadraticForm(const std::vector<double>& d, const float* gram) {
    double sum = 0.0;
    for (std::size_t j = 0; j < d.size(); ++j)
        for (std::size_t k = 0; k < d.size(); ++k) sum += d[j] * static_cast<double>(gram[j * d.size() + k]) * d[k];
    return sum;
}

float bestLimit(const float* weights, std::int64_t count, const GridOptions& grid, const ClipGrid& clip,
                const float* gram) {
    float largest = 0.0F;
    for (std::int64_t j = 0; j < count; ++j) largest = std::max(largest, std::fabs(weights[j]));
    float best = largest;
    double least = std::numeric_limits<double>::infinity();
    std::vector<float> clamped(static_cast<std::size_t>(count));
    std::vector<double> difference(clamped.size());
    for (std::int64_t k = 0; k < clip.candidates; ++k) {
        const float limit =
            largest * static_cast<float>(1.0 - static_cast<double>(k) / static_cast<double>(clip.steps));
        for (std::int64_t j = 0; j < count; ++j)
            clamped[static_cast<std::size_t>(j)] = std::clamp(weights[j], -limit, limit);
        const auto point = reference::gridOfValues(clamped.data(), count, 1, grid);
        reference::round(clamped.data(), count, point, grid.bits, clamped.data());
        for (std::size_t j = 0; j < clamped.size(); ++j)
            difference[j] = static_cast<double>(clamped[j]) - static_cast<double>(weights[j]);
        const double error = quadraticForm(difference, gram);
        if (error < least) {
            least = error;
            best = limit;
        }
    }
    return best;
}

}  // namespace

void findClipLimitsReference(const float* weights, const GroupedMatrix& shape, const GridOptions& grid,
                             const ClipGrid& clip, const float* grams, float* limits) {
    const auto groups = shape.groupCount();
    for (std::int64_t g = 0; g < groups; ++g) {
        const auto first = g * shape.group_size;
        const auto count = std::min(shape.group_size, shape.columns - first);
        const float* const gram = grams + g * shape.group_size * shape.group_size;
        for (std::int64_t i = 0; i < shape.rows; ++i)
            limits[i * groups + g] = bestLimit(weights + i * shape.row_stride + first, count, grid, clip, gram);
    }
}

}  // namespace quantoscope::kernels
