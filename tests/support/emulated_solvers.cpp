// The solvers of the emulated device. Where the contract says "the same bytes as on the CPU", the CPU's are called.
#include <algorithm>
#include <vector>

#include "kernels/awq_search/awq_search.h"
#include "kernels/cholesky/cholesky.h"
#include "kernels/gptq_solve/gptq_solve.h"
#include "kernels/group_grid/group_grid.h"
#include "kernels/weighted_error/weighted_error.h"
#include "tests/support/emulated_device.h"

namespace quantoscope::test {
namespace {

using kernels::CudaContext;
using kernels::CudaStatus;
using kernels::GridOptions;
using kernels::GroupedMatrix;
using kernels::KernelStatus;

CudaStatus misused(const char* kernel) {
    return {KernelStatus::failed, kernel, "a pointer is not the device's"};
}
std::int64_t elements(const GroupedMatrix& shape) {
    return shape.rows * shape.row_stride;
}
std::int64_t groups(const GroupedMatrix& shape) {
    return shape.rows * shape.groupCount();
}

CudaStatus dampedMoments(CudaContext*, const float* gram, std::int64_t n, float scale, const float* diagonal,
                         float added, const std::int32_t* order, float* matrix) {
    if (!isDevice("dampedMoments", gram, n * n) || !isDevice("dampedMoments", diagonal, n) ||
        !isDevice("dampedMoments", matrix, n * n) || (order != nullptr && !isDevice("dampedMoments", order, n)))
        return misused("dampedMoments");
    return device().launch("dampedMoments", [=] {
        const auto place = [&](std::int64_t i) { return order == nullptr ? i : order[i]; };
        for (std::int64_t i = 0; i < n; ++i)
            for (std::int64_t j = 0; j < n; ++j)
                matrix[i * n + j] = i == j ? diagonal[place(i)] + added : scale * gram[place(i) * n + place(j)];
    });
}
void factorize(float* matrix, std::int64_t n, std::int32_t* refused, bool wide) {
    const auto status = wide ? kernels::inverseFactorFloat64(matrix, n, {}) : kernels::inverseFactor(matrix, n, {});
    *refused = status == KernelStatus::not_positive_definite ? 1 : 0;
}
CudaStatus inverseFactor(CudaContext*, float* matrix, std::int64_t n, std::int32_t* refused) {
    if (!isDevice("inverseFactor", matrix, n * n) || !isDevice("inverseFactor", refused, 1))
        return misused("inverseFactor");
    return device().launch("inverseFactor", [=] { factorize(matrix, n, refused, false); });
}
CudaStatus inverseFactorFloat64(CudaContext*, float* matrix, std::int64_t n, double* wide, std::int32_t* refused) {
    if (!isDevice("inverseFactorFloat64", matrix, n * n) || !isDevice("inverseFactorFloat64", wide, n * n) ||
        !isDevice("inverseFactorFloat64", refused, 1))
        return misused("inverseFactorFloat64");
    return device().launch("inverseFactorFloat64", [=] { factorize(matrix, n, refused, true); });
}
CudaStatus findGrids(CudaContext*, const float* weights, const GroupedMatrix* given, const GridOptions* options,
                     float* scales, float* zero_points) {
    if (!isDevice("findGrids", weights, elements(*given)) || !isDevice("findGrids", scales, groups(*given)) ||
        !isDevice("findGrids", zero_points, groups(*given)))
        return misused("findGrids");
    return device().launch("findGrids", [=, shape = *given, grid = *options] {
        (void)kernels::findGrids(weights, shape, grid, scales, zero_points);
    });
}
CudaStatus encodeGroups(CudaContext*, const float* weights, const GroupedMatrix* given, const float* scales,
                        const float* zero_points, int bits, std::uint8_t* codes) {
    if (!isDevice("encodeGroups", weights, elements(*given)) || !isDevice("encodeGroups", scales, groups(*given)) ||
        !isDevice("encodeGroups", zero_points, groups(*given)) ||
        !isDevice("encodeGroups", codes, given->rows * given->columns))
        return misused("encodeGroups");
    return device().launch("encodeGroups", [=, shape = *given] {
        (void)kernels::encodeGroups(weights, shape, scales, zero_points, bits, codes);
    });
}
CudaStatus roundToGrids(CudaContext*, const float* weights, const GroupedMatrix* given, const GridOptions* options,
                        float* values) {
    if (!isDevice("roundToGrids", weights, elements(*given)) || !isDevice("roundToGrids", values, elements(*given)))
        return misused("roundToGrids");
    return device().launch("roundToGrids", [=, shape = *given, grid = *options] {
        (void)kernels::roundToGrids(weights, shape, grid, values);
    });
}
CudaStatus scaledRoundingError(CudaContext*, const float* weights, const GroupedMatrix* given,
                               const GridOptions* options, const float* input_scale, float* error) {
    if (!isDevice("scaledRoundingError", weights, elements(*given)) ||
        !isDevice("scaledRoundingError", input_scale, given->columns) ||
        !isDevice("scaledRoundingError", error, given->rows * given->columns))
        return misused("scaledRoundingError");
    return device().launch("scaledRoundingError", [=, shape = *given, grid = *options] {
        (void)kernels::scaledRoundingError(weights, shape, grid, input_scale, error);
    });
}
CudaStatus findClipLimits(CudaContext*, const float* weights, const GroupedMatrix* given, const GridOptions* options,
                          const kernels::ClipGrid* candidates, const float* grams, float* limits) {
    if (!isDevice("findClipLimits", weights, elements(*given)) || !isDevice("findClipLimits", grams, 1) ||
        !isDevice("findClipLimits", limits, groups(*given)))
        return misused("findClipLimits");
    return device().launch("findClipLimits", [=, shape = *given, grid = *options, clip = *candidates] {
        kernels::findClipLimitsReference(weights, shape, grid, clip, grams, limits);
    });
}
CudaStatus clampToLimits(CudaContext*, float* weights, const GroupedMatrix* given, const float* limits) {
    if (!isDevice("clampToLimits", weights, elements(*given)) || !isDevice("clampToLimits", limits, groups(*given)))
        return misused("clampToLimits");
    return device().launch("clampToLimits", [=, shape = *given] { kernels::clampToLimits(weights, shape, limits); });
}
CudaStatus weightedError(CudaContext*, const float* error, std::int64_t rows, std::int64_t columns, const float* gram,
                         double* energy) {
    if (!isDevice("weightedError", error, rows * columns) || !isDevice("weightedError", gram, columns * columns) ||
        !isDevice("weightedError", energy, rows))
        return misused("weightedError");
    return device().launch("weightedError",
                           [=] { kernels::weightedErrorReference(error, rows, columns, gram, energy); });
}
bool allOnDevice(const kernels::GptqProblem& p, const float* values) {
    const auto size = p.rows * p.columns;
    const auto grids = p.rows * p.groupCount();
    return isDevice("gptqSolve", p.weights, size) && isDevice("gptqSolve", p.factor, p.columns * p.columns) &&
           (p.order == nullptr || isDevice("gptqSolve", p.order, p.columns)) &&
           isDevice("gptqSolve", p.scales, grids) && isDevice("gptqSolve", p.zero_points, grids) &&
           isDevice("gptqSolve", p.codes, size) && isDevice("gptqSolve", p.row_errors, p.rows) &&
           isDevice("gptqSolve", values, size);
}
CudaStatus gptqSolve(CudaContext*, const kernels::GptqProblem* problem, float* values) {
    if (!allOnDevice(*problem, values)) return misused("gptqSolve");
    return device().launch("gptqSolve", [given = *problem] { (void)kernels::gptqSolveReference(given); });
}

}  // namespace

void addSolvers(kernels::CudaInterface& table) {
    table.dampedMoments = dampedMoments;
    table.inverseFactor = inverseFactor;
    table.inverseFactorFloat64 = inverseFactorFloat64;
    table.findGrids = findGrids;
    table.encodeGroups = encodeGroups;
    table.roundToGrids = roundToGrids;
    table.scaledRoundingError = scaledRoundingError;
    table.findClipLimits = findClipLimits;
    table.clampToLimits = clampToLimits;
    table.weightedError = weightedError;
    table.gptqSolve = gptqSolve;
}

}  // namespace quantoscope::test
