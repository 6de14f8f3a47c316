#include <cstring>

#include "kernels/cuda/cuda_blas.cuh"
#include "kernels/cuda/launchers.cuh"

namespace quantoscope::kernels::cuda {
namespace {

int cublasVersion() {
    int parts[3] = {};
    constexpr libraryPropertyType kParts[3] = {MAJOR_VERSION, MINOR_VERSION, PATCH_LEVEL};
    for (int i = 0; i < 3; ++i)
        if (cublasGetProperty(kParts[i], &parts[i]) != CUBLAS_STATUS_SUCCESS) return 0;
    return parts[0] * 10000 + parts[1] * 100 + parts[2];
}

}  // namespace

CudaStatus versions(CudaVersions* versions) {
    *versions = {};
    versions->runtime = CUDART_VERSION;
    versions->cublas = cublasVersion();
    return statusOf(cudaDriverGetVersion(&versions->driver), "cudaDriverGetVersion");
}

CudaStatus deviceCount(int* count) {
    *count = 0;
    const auto error = cudaGetDeviceCount(count);
    if (error == cudaErrorNoDevice) {
        (void)cudaGetLastError();
        *count = 0;
        return {KernelStatus::ok, "cudaGetDeviceCount", cudaGetErrorString(error)};
    }
    return statusOf(error, "cudaGetDeviceCount");
}

CudaStatus describeDevice(int index, CudaDevice* device) {
    *device = {};
    cudaDeviceProp properties{};
    QS_CUDA_TRY(statusOf(cudaGetDeviceProperties(&properties, index), "cudaGetDeviceProperties"));
    static_assert(sizeof(device->name) >= sizeof(properties.name));
    std::memcpy(device->name, properties.name, sizeof(properties.name));
    device->name[sizeof(device->name) - 1] = '\0';
    device->compute_major = properties.major;
    device->compute_minor = properties.minor;
    device->multiprocessors = properties.multiProcessorCount;
    QS_CUDA_TRY(statusOf(cudaSetDevice(index), "cudaSetDevice"));
    std::size_t free_bytes = 0;
    std::size_t total_bytes = 0;
    QS_CUDA_TRY(statusOf(cudaMemGetInfo(&free_bytes, &total_bytes), "cudaMemGetInfo"));
    device->memory_bytes = total_bytes;
    device->free_memory_bytes = free_bytes;
    return {};
}

}  // namespace quantoscope::kernels::cuda
