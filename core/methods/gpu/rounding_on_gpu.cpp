#include "core/methods/gpu/rounding_on_gpu.h"

#include <algorithm>

#include "core/device/gpu_layout.h"
#include "core/device/gpu_strips.h"

namespace quantoscope {
namespace {

struct Arrays {
    float* weights;
    float* scales;
    float* zero_points;
    std::uint8_t* codes;
};

std::uint64_t lay(const kernels::GroupedMatrix& shape, void* memory, Arrays& arrays) {
    GpuLayout layout(memory);
    const auto grids = shape.rows * shape.groupCount();
    arrays.weights = layout.piece<float>(shape.rows * shape.columns);
    arrays.scales = layout.piece<float>(grids);
    arrays.zero_points = layout.piece<float>(grids);
    arrays.codes = layout.piece<std::uint8_t>(shape.rows * shape.columns);
    return layout.bytes();
}

Status roundStrip(Gpu& gpu, const Matrix& weight, std::int64_t first, const kernels::GroupedMatrix& shape,
                  const kernels::GridOptions& grid, const Arrays& arrays, QuantizedTensor& tensor) {
    const auto size = static_cast<std::uint64_t>(shape.rows * shape.columns);
    const auto grid_bytes = static_cast<std::uint64_t>(shape.rows * shape.groupCount()) * sizeof(float);
    QS_TRY(gpu.upload(arrays.weights, weight.row(first).data(), size * sizeof(float)));
    QS_TRY(gpu.call("finding grids", &Gpu::Table::findGrids, static_cast<const float*>(arrays.weights), &shape, &grid,
                    arrays.scales, arrays.zero_points));
    QS_TRY(gpu.call("rounding", &Gpu::Table::encodeGroups, static_cast<const float*>(arrays.weights), &shape,
                    static_cast<const float*>(arrays.scales), static_cast<const float*>(arrays.zero_points), grid.bits,
                    arrays.codes));
    QS_TRY(gpu.download(tensor.scales.row(first).data(), arrays.scales, grid_bytes));
    QS_TRY(gpu.download(tensor.zero_points.row(first).data(), arrays.zero_points, grid_bytes));
    QS_TRY(gpu.download(tensor.codes.data() + first * shape.columns, arrays.codes, size));
    return gpu.synchronize();
}

}  // namespace

Result<bool> roundOnGpu(Gpu& gpu, const Matrix& weight, const kernels::GridOptions& grid, const JobContext& job,
                        QuantizedTensor& tensor) {
    kernels::GroupedMatrix strip{weight.rows, weight.columns, tensor.group_size, weight.columns};
    Arrays arrays{};
    GpuBytes memory;
    const auto bytes_for = [&](std::int64_t rows) {
        strip.rows = rows;
        return lay(strip, nullptr, arrays);
    };
    QS_ASSIGN(const auto rows, takeStrip(gpu, weight.rows, bytes_for, memory));
    if (rows == 0) return false;
    lay(strip, memory.data(), arrays);
    for (std::int64_t first = 0; first < weight.rows; first += rows) {
        QS_TRY(job.checkStop());
        strip.rows = std::min(rows, weight.rows - first);
        QS_TRY(roundStrip(gpu, weight, first, strip, grid, arrays, tensor));
    }
    return true;
}

}  // namespace quantoscope
