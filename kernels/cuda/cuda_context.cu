#include <new>

#include "kernels/cuda/cuda_blas.cuh"
#include "kernels/cuda/cuda_context.cuh"
#include "kernels/cuda/cuda_solver.cuh"
#include "kernels/cuda/launchers.cuh"

namespace quantoscope::kernels::cuda {
namespace {

KernelStatus kindOf(cudaError_t error) {
    switch (error) {
        case cudaSuccess:
            return KernelStatus::ok;
        case cudaErrorMemoryAllocation:
            return KernelStatus::out_of_memory;
        case cudaErrorInsufficientDriver:
        case cudaErrorNoKernelImageForDevice:
        case cudaErrorUnsupportedPtxVersion:
            return KernelStatus::unsupported;
        default:
            return KernelStatus::failed;
    }
}

KernelStatus kindOf(cublasStatus_t error) {
    switch (error) {
        case CUBLAS_STATUS_SUCCESS:
            return KernelStatus::ok;
        case CUBLAS_STATUS_ALLOC_FAILED:
            return KernelStatus::out_of_memory;
        case CUBLAS_STATUS_ARCH_MISMATCH:
        case CUBLAS_STATUS_NOT_SUPPORTED:
            return KernelStatus::unsupported;
        default:
            return KernelStatus::failed;
    }
}

KernelStatus kindOf(cusolverStatus_t error) {
    switch (error) {
        case CUSOLVER_STATUS_SUCCESS:
            return KernelStatus::ok;
        case CUSOLVER_STATUS_ALLOC_FAILED:
            return KernelStatus::out_of_memory;
        case CUSOLVER_STATUS_ARCH_MISMATCH:
        case CUSOLVER_STATUS_NOT_SUPPORTED:
            return KernelStatus::unsupported;
        default:
            return KernelStatus::failed;
    }
}

/// cuSOLVER has no words of its own.
const char* wordsFor(cusolverStatus_t error) {
    switch (error) {
        case CUSOLVER_STATUS_NOT_INITIALIZED:
            return "cuSOLVER is not initialized";
        case CUSOLVER_STATUS_ALLOC_FAILED:
            return "cuSOLVER got no memory";
        case CUSOLVER_STATUS_INVALID_VALUE:
            return "cuSOLVER was given an invalid value";
        case CUSOLVER_STATUS_ARCH_MISMATCH:
            return "cuSOLVER does not know this GPU";
        case CUSOLVER_STATUS_EXECUTION_FAILED:
            return "cuSOLVER could not run on the GPU";
        case CUSOLVER_STATUS_NOT_SUPPORTED:
            return "cuSOLVER does not support this";
        default:
            return "cuSOLVER failed inside";
    }
}

CudaStatus prepare(CudaContext* context) {
    QS_CUDA_TRY(enter(context));
    QS_CUDA_TRY(statusOf(cudaStreamCreateWithFlags(&context->stream, cudaStreamNonBlocking), "cudaStreamCreate"));
    QS_CUDA_TRY(statusOf(cublasCreate(&context->blas), "cublasCreate"));
    QS_CUDA_TRY(statusOf(cublasSetStream(context->blas, context->stream), "cublasSetStream"));
    // A workspace of our own: cuBLAS would take one while it runs, and picks its algorithms by what it has. Set after
    // the stream, which resets it.
    QS_CUDA_TRY(statusOf(cudaMalloc(&context->workspace, kWorkspaceBytes), "cudaMalloc"));
    QS_CUDA_TRY(statusOf(cublasSetWorkspace(context->blas, context->workspace, kWorkspaceBytes), "cublasSetWorkspace"));
    QS_CUDA_TRY(statusOf(cublasSetAtomicsMode(context->blas, CUBLAS_ATOMICS_NOT_ALLOWED), "cublasSetAtomicsMode"));
    QS_CUDA_TRY(statusOf(cudaMalloc(&context->scratch, kScratchBytes), "cudaMalloc"));
    // Its results are the same every time unless it is told that they need not be.
    QS_CUDA_TRY(statusOf(cusolverDnCreate(&context->solver), "cusolverDnCreate"));
    return statusOf(cusolverDnSetStream(context->solver, context->stream), "cusolverDnSetStream");
}

}  // namespace

CudaStatus statusOf(cudaError_t error, const char* operation) {
    if (error == cudaSuccess) return {};
    (void)cudaGetLastError();  // else the next launch would report this error again
    return {kindOf(error), operation, cudaGetErrorString(error)};
}

CudaStatus statusOf(cublasStatus_t error, const char* operation) {
    if (error == CUBLAS_STATUS_SUCCESS) return {};
    return {kindOf(error), operation, cublasGetStatusString(error)};
}

CudaStatus statusOf(cusolverStatus_t error, const char* operation) {
    if (error == CUSOLVER_STATUS_SUCCESS) return {};
    return {kindOf(error), operation, wordsFor(error)};
}

CudaStatus product(CudaContext* context, const BlasOperand& a, const BlasOperand& b, std::int64_t m, std::int64_t n,
                   std::int64_t k, cudaDataType_t type, cublasComputeType_t compute, float beta, float* c,
                   std::int64_t c_leading) {
    const float alpha = 1.0F;  // scalars are read on the host before the call returns
    return statusOf(
        cublasGemmEx_64(context->blas, a.operation, b.operation, m, n, k, &alpha, a.values, type, a.leading, b.values,
                        type, b.leading, &beta, c, CUDA_R_32F, c_leading, compute, CUBLAS_GEMM_DEFAULT),
        "cublasGemmEx");
}

CudaStatus createContext(int device, CudaContext** context) {
    *context = nullptr;
    auto* const made = new (std::nothrow) CudaContext;
    if (made == nullptr) return {KernelStatus::out_of_memory, "new", "no host memory"};
    made->device = device;
    const auto status = prepare(made);
    if (isOk(status))
        *context = made;
    else
        destroyContext(made);
    return status;
}

void destroyContext(CudaContext* context) {
    if (context == nullptr) return;
    (void)enter(context);
    if (context->stream != nullptr) (void)cudaStreamSynchronize(context->stream);
    if (context->blas != nullptr) (void)cublasDestroy(context->blas);
    if (context->solver != nullptr) (void)cusolverDnDestroy(context->solver);
    (void)cudaFree(context->workspace);
    (void)cudaFree(context->scratch);
    if (context->stream != nullptr) (void)cudaStreamDestroy(context->stream);
    (void)cudaGetLastError();
    delete context;
}

CudaStatus allocate(CudaContext* context, std::uint64_t bytes, void** memory) {
    *memory = nullptr;
    QS_CUDA_TRY(enter(context));
    return bytes == 0 ? CudaStatus{} : statusOf(cudaMalloc(memory, bytes), "cudaMalloc");
}

CudaStatus release(CudaContext* context, void* memory) {
    QS_CUDA_TRY(enter(context));
    return statusOf(cudaFree(memory), "cudaFree");
}

CudaStatus allocatePinned(CudaContext* context, std::uint64_t bytes, void** host_memory) {
    *host_memory = nullptr;
    QS_CUDA_TRY(enter(context));
    if (bytes == 0) return {};
    return statusOf(cudaHostAlloc(host_memory, bytes, cudaHostAllocDefault), "cudaHostAlloc");
}

CudaStatus releasePinned(CudaContext* context, void* host_memory) {
    QS_CUDA_TRY(enter(context));
    return statusOf(cudaFreeHost(host_memory), "cudaFreeHost");
}

CudaStatus pinHost(CudaContext* context, void* host_memory, std::uint64_t bytes) {
    QS_CUDA_TRY(enter(context));
    if (bytes == 0) return {};
    return statusOf(cudaHostRegister(host_memory, bytes, cudaHostRegisterDefault), "cudaHostRegister");
}

CudaStatus unpinHost(CudaContext* context, void* host_memory) {
    QS_CUDA_TRY(enter(context));
    return statusOf(cudaHostUnregister(host_memory), "cudaHostUnregister");
}

CudaStatus copyToDevice(CudaContext* context, void* to, const void* from, std::uint64_t bytes) {
    QS_CUDA_TRY(enter(context));
    if (bytes == 0) return {};
    return statusOf(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, context->stream), "copy to the device");
}

CudaStatus copyToHost(CudaContext* context, void* to, const void* from, std::uint64_t bytes) {
    QS_CUDA_TRY(enter(context));
    if (bytes == 0) return {};
    return statusOf(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, context->stream), "copy to the host");
}

CudaStatus fillWithZero(CudaContext* context, void* memory, std::uint64_t bytes) {
    QS_CUDA_TRY(enter(context));
    if (bytes == 0) return {};
    return statusOf(cudaMemsetAsync(memory, 0, bytes, context->stream), "cudaMemset");
}

CudaStatus synchronize(CudaContext* context) {
    QS_CUDA_TRY(enter(context));
    return statusOf(cudaStreamSynchronize(context->stream), "cudaStreamSynchronize");
}

}  // namespace quantoscope::kernels::cuda
