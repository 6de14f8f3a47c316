// What the launchers share: the context, how a library's answer becomes a CudaStatus, launch shapes.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "kernels/cuda/cuda_interface.h"

// What cublasHandle_t and cusolverDnHandle_t point to: their headers take long to compile.
struct cublasContext;
struct cusolverDnContext;

namespace quantoscope::kernels {

struct CudaContext {
    int device = 0;
    cudaStream_t stream = nullptr;
    cublasContext* blas = nullptr;
    cusolverDnContext* solver = nullptr;
    void* workspace = nullptr;  ///< cuBLAS's own
    void* scratch = nullptr;    ///< results between the kernels of one launcher; the stream's order keeps them apart
};

namespace cuda {

inline constexpr std::uint64_t kWorkspaceBytes = std::uint64_t{64} << 20;
inline constexpr std::uint64_t kScratchBytes = std::uint64_t{64} << 20;
inline constexpr int kThreads = 256;
inline constexpr std::int64_t kMostBlocks = 0x7fffffff;  ///< in x; 65535 in y

CudaStatus statusOf(cudaError_t error, const char* operation);
inline CudaStatus tooLarge(const char* operation) {
    return {KernelStatus::unsupported, operation, "the shape is larger than one launch can be"};
}
inline bool isOk(const CudaStatus& status) {
    return status.status == KernelStatus::ok;
}
/// The outcome of the launch just made.
inline CudaStatus launched(const char* operation) {
    return statusOf(cudaGetLastError(), operation);
}
/// CUDA's current device belongs to the thread: every entry sets it.
inline CudaStatus enter(const CudaContext* context) {
    return statusOf(cudaSetDevice(context->device), "cudaSetDevice");
}
/// Blocks of kThreads for a loop that strides over the grid.
inline unsigned stridedBlocks(std::int64_t count) {
    constexpr std::int64_t kEnough = 132 * 16;  // several waves on the largest device
    const std::int64_t blocks = (count + kThreads - 1) / kThreads;
    return static_cast<unsigned>(blocks < kEnough ? blocks : kEnough);
}

}  // namespace cuda
}  // namespace quantoscope::kernels

/// Returns a failed status to the caller, else goes on.
#define QS_CUDA_TRY(expression)                                                \
    do {                                                                       \
        if (const ::quantoscope::kernels::CudaStatus qs_status = (expression); \
            qs_status.status != ::quantoscope::kernels::KernelStatus::ok)      \
            return qs_status;                                                  \
    } while (false)
