#include <omp.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <new>

#include "kernels/base/select.h"
#include "kernels/weighted_error/weighted_error.h"
#include "kernels/weighted_error/weighted_error_loops.h"

namespace quantoscope::kernels {
namespace {

/// Rows [first, first + count) transposed to columns x panel_rows; missing rows are zero.
void packPanel(const float* error, std::int64_t columns, std::int64_t count, std::int64_t panel_rows, float* panel) {
    if (count < panel_rows) std::fill(panel, panel + columns * panel_rows, 0.0F);
    for (std::int64_t i = 0; i < count; ++i)
        for (std::int64_t j = 0; j < columns; ++j) panel[j * panel_rows + i] = error[i * columns + j];
}

}  // namespace

KernelStatus weightedError(const float* error, std::int64_t rows, std::int64_t columns, const float* gram,
                           double* energy, const std::stop_token& stop) {
    const ErrorPanel kernel =
        selectVersion(simd_baseline::errorPanel, simd_avx2::errorPanel, simd_avx512::errorPanel)();
    const std::int64_t panels = (rows + kernel.rows - 1) / kernel.rows;
    const auto panel_floats = static_cast<std::size_t>(columns * kernel.rows);
    const int threads = static_cast<int>(std::clamp<std::int64_t>(panels, 1, omp_get_max_threads()));
    const std::unique_ptr<float[]> buffers(new (std::nothrow) float[panel_floats * static_cast<std::size_t>(threads)]);
    if (!buffers) return KernelStatus::out_of_memory;
    std::atomic<bool> stopped{false};
#pragma omp parallel for schedule(static) num_threads(threads)
    for (std::int64_t p = 0; p < panels; ++p) {
        float* panel = buffers.get() + panel_floats * static_cast<std::size_t>(omp_get_thread_num());
        const std::int64_t first = p * kernel.rows;
        const std::int64_t count = std::min(kernel.rows, rows - first);
        packPanel(error + first * columns, columns, count, kernel.rows, panel);
        std::array<double, kMostErrorRows> sums{};
        for (std::int64_t k = 0; k < columns && !stopped.load(std::memory_order_relaxed); k += kErrorBlock) {
            kernel.run(panel, columns, gram, k, std::min(k + kErrorBlock, columns), sums.data());
            if (stop.stop_requested()) stopped.store(true, std::memory_order_relaxed);
        }
        std::copy(sums.begin(), sums.begin() + count, energy + first);
    }
    return stopped ? KernelStatus::cancelled : KernelStatus::ok;
}

}  // namespace quantoscope::kernels
