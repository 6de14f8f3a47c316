// Before a GPU is trusted with a run: a small block of made-up weights goes through it and through the CPU.
#pragma once

#include <memory>

#include "core/base/result.h"
#include "core/device/gpu.h"

namespace quantoscope {

/// Fails with a sentence where block output, second moments or their factor differ from the CPU's by more than
/// rounding. Takes a few milliseconds; a budget of less than 64 MiB is not spent on it.
Status checkGpu(const std::shared_ptr<Gpu>& gpu);

}  // namespace quantoscope
