// For tests alone: a table in the program's own memory in the place of the module, so that what is built on it is
// tested where there is no GPU. tests/architecture sees to it that nothing outside tests/ includes this.
#pragma once

#include "kernels/cuda/cuda_interface.h"

namespace quantoscope::kernels {

/// From now on cudaModule() answers with this table and one device; null: with what it found by itself.
void standInForCudaModule(const CudaInterface* functions);

}  // namespace quantoscope::kernels
