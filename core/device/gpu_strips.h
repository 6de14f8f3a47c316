// Strips of rows that fit what the device has left.
#pragma once

#include <cstdint>
#include <functional>

#include "core/base/result.h"
#include "core/device/gpu.h"

namespace quantoscope {

/// `bytes_for(rows)`: what a strip of so many rows takes. Takes memory for the solver and returns the rows of a strip,
/// at most `rows`, halved until it fits; 0: not even one does.
Result<std::int64_t> takeStrip(Gpu& gpu, std::int64_t rows, const std::function<std::uint64_t(std::int64_t)>& bytes_for,
                               GpuBytes& memory);

}  // namespace quantoscope
