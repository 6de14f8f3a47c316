#include "core/device/gpu_strips.h"

namespace quantoscope {

Result<std::int64_t> takeStrip(Gpu& gpu, std::int64_t rows, const std::function<std::uint64_t(std::int64_t)>& bytes_for,
                               GpuBytes& memory) {
    for (;; rows = (rows + 1) / 2) {
        QS_ASSIGN(const bool taken, gpu.tryTake(GpuMemory::solver, bytes_for(rows), memory));
        if (taken) return rows;
        if (rows == 1) return 0;
    }
}

}  // namespace quantoscope
