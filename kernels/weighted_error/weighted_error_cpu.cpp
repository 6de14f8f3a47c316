#include <omp.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <memory>
#include <new>

#include "kernels/base/cpu_features.h"
#include "kernels/weighted_error/weighted_error.h"
#include "kernels/weighted_error/weighted_error_panel.h"

namespace quantoscope::kernels {
namespace weighted_error {
namespace {

/// Four floats by the compiler's own vectors: what every x86-64 has. A product and a sum, not fused.
struct Vector128 {
    static constexpr int kLanes = 4;
    using Lanes = float __attribute__((vector_size(16)));
    Lanes value;
    static Vector128 zero() { return {Lanes{}}; }
    static Vector128 load(const float* from) {
        Lanes lanes;
        std::memcpy(&lanes, from, sizeof lanes);
        return {lanes};
    }
    static Vector128 broadcast(float number) { return {Lanes{number, number, number, number}}; }
    static Vector128 multiplyAdd(Vector128 a, Vector128 b, Vector128 c) { return {a.value * b.value + c.value}; }
    void store(float* to) const { std::memcpy(to, &value, sizeof value); }
};

constexpr std::int64_t kMostRows = 48;

}  // namespace

PanelKernel panelBaseline() {
    return {8, runPanel<Vector128, 2, 4>};
}

}  // namespace weighted_error

namespace {

using weighted_error::kBlock;
using weighted_error::PanelKernel;

PanelKernel panelForThisCpu() {
    if (cpuLevel() >= CpuLevel::avx512) return weighted_error::panelAvx512();
    if (cpuLevel() >= CpuLevel::avx2) return weighted_error::panelAvx2();
    return weighted_error::panelBaseline();
}

/// Rows [first, first + count) transposed to columns x panel_rows; missing rows are zero.
void packPanel(const float* error, std::int64_t columns, std::int64_t count, std::int64_t panel_rows, float* panel) {
    if (count < panel_rows) std::fill(panel, panel + columns * panel_rows, 0.0F);
    for (std::int64_t i = 0; i < count; ++i)
        for (std::int64_t j = 0; j < columns; ++j) panel[j * panel_rows + i] = error[i * columns + j];
}

}  // namespace

KernelStatus weightedError(const float* error, std::int64_t rows, std::int64_t columns, const float* gram,
                           double* energy, const std::stop_token& stop) {
    const PanelKernel kernel = panelForThisCpu();
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
        std::array<double, weighted_error::kMostRows> sums{};
        for (std::int64_t k = 0; k < columns && !stopped.load(std::memory_order_relaxed); k += kBlock) {
            kernel.run(panel, columns, gram, k, std::min(k + kBlock, columns), sums.data());
            if (stop.stop_requested()) stopped.store(true, std::memory_order_relaxed);
        }
        std::copy(sums.begin(), sums.begin() + count, energy + first);
    }
    return stopped ? KernelStatus::cancelled : KernelStatus::ok;
}

}  // namespace quantoscope::kernels
