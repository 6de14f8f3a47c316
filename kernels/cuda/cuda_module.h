// Finds and loads the CUDA module when there is a driver for it: the one door to CUDA for everything that is not CUDA.
#pragma once

#include <cstdint>
#include <string>

#include "kernels/cuda/cuda_interface.h"

namespace quantoscope::kernels {

enum class CudaAbsence : std::uint8_t {
    none,           ///< there is at least one device
    no_module,      ///< this build or package came without the module
    no_driver,      ///< libcuda.so.1 is not to be found
    module_broken,  ///< the module is there and cannot be loaded (cuBLAS or cuSOLVER missing), or is of another version
    driver_too_old,  ///< the driver serves an older CUDA than the module needs
    no_device,       ///< module and driver are there, no GPU is
};

struct CudaModule {
    const CudaInterface* functions = nullptr;  ///< null unless absence is none
    int device_count = 0;
    CudaAbsence absence = CudaAbsence::no_module;
    std::string cause;  ///< for the log: the loader's or driver's own words
};

/// Loaded at the first call and kept until the program ends. Looks for quantoscope_cuda.so beside the executable, then
/// in ../lib/quantoscope from there (where a build and an installation have it), and nowhere else.
const CudaModule& cudaModule();

}  // namespace quantoscope::kernels
