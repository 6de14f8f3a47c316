#include "core/analysis/gpu_energy.h"

#include "core/device/gpu_layout.h"

namespace quantoscope {

Result<std::optional<std::vector<double>>> energiesOnGpu(const Matrix& matrix, const GpuBytes& gram) {
    auto& gpu = gram.gpu();
    const auto size = matrix.rows * matrix.columns;
    GpuLayout count;
    count.piece<float>(size);
    count.piece<double>(matrix.rows);
    GpuBytes memory;
    QS_ASSIGN(const bool taken, gpu.tryTake(GpuMemory::solver, count.bytes(), memory));
    if (!taken) return std::nullopt;
    GpuLayout layout(memory.data());
    auto* const values = layout.piece<float>(size);
    auto* const energies = layout.piece<double>(matrix.rows);
    std::vector<double> rows(static_cast<std::size_t>(matrix.rows));
    QS_TRY(gpu.upload(values, matrix.values.data(), matrix.values.size() * sizeof(float)));
    QS_TRY(gpu.call("output errors", &Gpu::Table::weightedError, static_cast<const float*>(values), matrix.rows,
                    matrix.columns, static_cast<const float*>(gram.as<float>()), energies));
    QS_TRY(gpu.download(rows.data(), energies, rows.size() * sizeof(double)));
    QS_TRY(gpu.synchronize());
    return rows;
}

}  // namespace quantoscope
