// The NVIDIA GPUs of this machine as people see them, and why there is none where there is none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace quantoscope {

struct CudaDeviceReport {
    std::string name;
    std::string compute_capability;  ///< "9.0"
    int multiprocessors = 0;
    std::uint64_t memory_bytes = 0;
    std::uint64_t free_memory_bytes = 0;
    // Measured; zero where the device had no room for the measurement.
    double float32_gflops = 0.0;
    double tensor_float32_gflops = 0.0;  ///< TF32
    double bfloat16_gflops = 0.0;
    double read_gigabytes_per_s = 0.0;
    double upload_gigabytes_per_s = 0.0;  ///< from pinned host memory
};

struct CudaReport {
    std::vector<CudaDeviceReport> devices;
    std::string absence;          ///< one sentence when there is no device, else empty
    std::string cause;            ///< the driver's or loader's own words, for the log
    std::string driver_version;   ///< newest CUDA version that the driver serves, "13.0"
    std::string runtime_version;  ///< CUDA version of the module
    std::string cublas_version;
};

/// Why no GPU can be used here, one sentence; empty where one can.
std::string cudaAbsence();

/// Measures every device; best of `repetitions`, about a second each. Having none is no error.
Result<CudaReport> measureCudaDevices(int repetitions);

}  // namespace quantoscope
