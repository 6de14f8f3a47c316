#include <algorithm>

#include "kernels/cuda/cuda_blas.cuh"
#include "kernels/cuda/device_float.cuh"
#include "kernels/cuda/launchers.cuh"

namespace quantoscope::kernels::cuda {
namespace {

constexpr std::int64_t kLargeSide = 8192;
constexpr std::int64_t kSmallSide = 4096;
constexpr std::uint64_t kLargeFreeBytes = std::uint64_t{3} << 30;
constexpr std::int64_t kReadBytes = std::int64_t{1} << 30;  // far above any cache
constexpr std::int64_t kUploadBytes = std::int64_t{256} << 20;
constexpr unsigned kReadBlocks = 132 * 16;

/// Gives memory and events back however a measurement ends.
class Scratch {
public:
    Scratch() = default;
    ~Scratch() {
        for (void* memory : device_) (void)cudaFree(memory);
        (void)cudaFreeHost(pinned_);
        for (cudaEvent_t event : events_)
            if (event != nullptr) (void)cudaEventDestroy(event);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    CudaStatus reserve(int slot, std::uint64_t bytes) {
        return statusOf(cudaMalloc(&device_[slot], bytes), "cudaMalloc");
    }
    CudaStatus reservePinned(std::uint64_t bytes) {
        return statusOf(cudaHostAlloc(&pinned_, bytes, cudaHostAllocDefault), "cudaHostAlloc");
    }
    CudaStatus makeEvents() {
        for (auto& event : events_) QS_CUDA_TRY(statusOf(cudaEventCreate(&event), "cudaEventCreate"));
        return {};
    }
    void* device(int slot) const { return device_[slot]; }
    void* pinned() const { return pinned_; }
    cudaEvent_t event(int index) const { return events_[index]; }

private:
    void* device_[3] = {};
    void* pinned_ = nullptr;
    cudaEvent_t events_[2] = {};
};

/// Values in [-0.5, 0.5) without pattern: products of zeros would run cooler, and faster, than real ones.
template <typename Number>
__global__ void __launch_bounds__(kThreads) fillValues(Number* values, std::int64_t count) {
    const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * kThreads;
    for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x; i < count; i += stride) {
        std::uint32_t state = static_cast<std::uint32_t>(i) * 747796405U + 2891336453U;
        state = ((state >> ((state >> 28U) + 4U)) ^ state) * 277803737U;
        state ^= state >> 22U;
        storeAs(static_cast<float>(state >> 8U) * 0x1p-24F - 0.5F, values + i);
    }
}

__global__ void __launch_bounds__(kThreads) readValues(const float4* values, std::int64_t count, float* sums) {
    const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * kThreads;
    float sum = 0.0F;
#pragma unroll 8
    for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x; i < count; i += stride) {
        const float4 value = values[i];
        sum += (value.x + value.y) + (value.z + value.w);
    }
    sum = combineBlock<kThreads>(sum, Add{});
    if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

/// Shortest of `repetitions` by the device's own clock, after one that is not counted.
template <typename Work>
CudaStatus bestSeconds(CudaContext* context, const Scratch& scratch, int repetitions, double* seconds, Work&& work) {
    *seconds = 0.0;
    QS_CUDA_TRY(work());
    for (int i = 0; i < repetitions; ++i) {
        QS_CUDA_TRY(statusOf(cudaEventRecord(scratch.event(0), context->stream), "cudaEventRecord"));
        QS_CUDA_TRY(work());
        QS_CUDA_TRY(statusOf(cudaEventRecord(scratch.event(1), context->stream), "cudaEventRecord"));
        QS_CUDA_TRY(statusOf(cudaEventSynchronize(scratch.event(1)), "cudaEventSynchronize"));
        float ms = 0.0F;
        QS_CUDA_TRY(statusOf(cudaEventElapsedTime(&ms, scratch.event(0), scratch.event(1)), "cudaEventElapsedTime"));
        const double now = static_cast<double>(ms) * 1e-3;
        *seconds = i == 0 ? now : std::min(*seconds, now);
    }
    return {};
}

template <typename Number>
CudaStatus productRate(CudaContext* context, std::int64_t side, int repetitions, cudaDataType_t type,
                       cublasComputeType_t compute, double* gflops) {
    const std::int64_t count = side * side;
    Scratch scratch;
    QS_CUDA_TRY(scratch.makeEvents());
    QS_CUDA_TRY(scratch.reserve(0, static_cast<std::uint64_t>(count) * sizeof(Number)));
    QS_CUDA_TRY(scratch.reserve(1, static_cast<std::uint64_t>(count) * sizeof(Number)));
    QS_CUDA_TRY(scratch.reserve(2, static_cast<std::uint64_t>(count) * sizeof(float)));
    for (int slot = 0; slot < 2; ++slot) {
        auto* const values = static_cast<Number*>(scratch.device(slot));
        fillValues<<<stridedBlocks(count), kThreads, 0, context->stream>>>(values, count);
        QS_CUDA_TRY(launched("fillValues"));
    }
    const BlasOperand left{scratch.device(0), CUBLAS_OP_T, side};  // as y = x W^T has it
    const BlasOperand right{scratch.device(1), CUBLAS_OP_N, side};
    auto* const result = static_cast<float*>(scratch.device(2));
    double seconds = 0.0;
    QS_CUDA_TRY(bestSeconds(context, scratch, repetitions, &seconds, [&] {
        return product(context, left, right, side, side, side, type, compute, 0.0F, result, side);
    }));
    const auto edge = static_cast<double>(side);
    *gflops = 2.0 * edge * edge * edge / seconds * 1e-9;
    return {};
}

CudaStatus readRate(CudaContext* context, int repetitions, double* gigabytes_per_s) {
    Scratch scratch;
    QS_CUDA_TRY(scratch.makeEvents());
    QS_CUDA_TRY(scratch.reserve(0, kReadBytes));
    QS_CUDA_TRY(scratch.reserve(1, kReadBlocks * sizeof(float)));
    auto* const values = static_cast<float*>(scratch.device(0));
    constexpr auto kCount = kReadBytes / static_cast<std::int64_t>(sizeof(float));
    fillValues<<<stridedBlocks(kCount), kThreads, 0, context->stream>>>(values, kCount);
    QS_CUDA_TRY(launched("fillValues"));
    double seconds = 0.0;
    QS_CUDA_TRY(bestSeconds(context, scratch, repetitions, &seconds, [&] {
        readValues<<<kReadBlocks, kThreads, 0, context->stream>>>(reinterpret_cast<const float4*>(values), kCount / 4,
                                                                  static_cast<float*>(scratch.device(1)));
        return launched("readValues");
    }));
    *gigabytes_per_s = static_cast<double>(kReadBytes) / seconds * 1e-9;
    return {};
}

CudaStatus uploadRate(CudaContext* context, int repetitions, double* gigabytes_per_s) {
    Scratch scratch;
    QS_CUDA_TRY(scratch.makeEvents());
    QS_CUDA_TRY(scratch.reserve(0, kUploadBytes));
    QS_CUDA_TRY(scratch.reservePinned(kUploadBytes));
    double seconds = 0.0;
    QS_CUDA_TRY(bestSeconds(context, scratch, repetitions, &seconds, [&] {
        return statusOf(
            cudaMemcpyAsync(scratch.device(0), scratch.pinned(), kUploadBytes, cudaMemcpyHostToDevice, context->stream),
            "copy to the device");
    }));
    *gigabytes_per_s = static_cast<double>(kUploadBytes) / seconds * 1e-9;
    return {};
}

/// A figure that there is no memory for stays zero; anything else is an error.
CudaStatus unlessNoRoom(const CudaStatus& status) {
    return status.status == KernelStatus::out_of_memory ? CudaStatus{} : status;
}

}  // namespace

CudaStatus measureRoofline(CudaContext* context, int repetitions, CudaRoofline* roofline) {
    *roofline = {};
    QS_CUDA_TRY(enter(context));
    std::size_t free_bytes = 0;
    std::size_t total_bytes = 0;
    QS_CUDA_TRY(statusOf(cudaMemGetInfo(&free_bytes, &total_bytes), "cudaMemGetInfo"));
    const auto side = free_bytes >= kLargeFreeBytes ? kLargeSide : kSmallSide;
    const int runs = std::max(repetitions, 1);
    QS_CUDA_TRY(unlessNoRoom(productRate<float>(context, kSmallSide, runs, CUDA_R_32F, CUBLAS_COMPUTE_32F_PEDANTIC,
                                                &roofline->float32_gflops)));
    QS_CUDA_TRY(unlessNoRoom(productRate<float>(context, side, runs, CUDA_R_32F, CUBLAS_COMPUTE_32F_FAST_TF32,
                                                &roofline->tensor_float32_gflops)));
    QS_CUDA_TRY(unlessNoRoom(
        productRate<std::uint16_t>(context, side, runs, CUDA_R_16BF, CUBLAS_COMPUTE_32F, &roofline->bfloat16_gflops)));
    QS_CUDA_TRY(unlessNoRoom(readRate(context, runs, &roofline->read_gigabytes_per_s)));
    return unlessNoRoom(uploadRate(context, runs, &roofline->upload_gigabytes_per_s));
}

}  // namespace quantoscope::kernels::cuda
