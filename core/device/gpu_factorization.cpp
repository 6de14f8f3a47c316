#include "core/device/gpu_factorization.h"

#include "core/device/gpu_layout.h"

namespace quantoscope {

void GpuFactorization::lay(void* memory, bool ordered, std::uint64_t& bytes) {
    GpuLayout layout(memory);
    factor_ = layout.piece<float>(n_ * n_);
    diagonal_ = layout.piece<float>(n_);
    refused_ = layout.piece<std::int32_t>(1);
    order_ = ordered ? layout.piece<std::int32_t>(n_) : nullptr;
    bytes = layout.bytes();
}

Result<std::shared_ptr<GpuFactorization>> GpuFactorization::prepare(const GpuBytes& gram, float scale,
                                                                    std::span<const float> diagonal,
                                                                    std::span<const std::int32_t> order) {
    auto made = std::make_shared<GpuFactorization>();
    made->n_ = static_cast<std::int64_t>(diagonal.size());
    made->scale_ = scale;
    made->gram_ = gram.as<float>();
    std::uint64_t bytes = 0;
    made->lay(nullptr, !order.empty(), bytes);
    auto& gpu = gram.gpu();
    QS_ASSIGN(const bool taken, gpu.tryTake(GpuMemory::solver, bytes, made->memory_));
    if (!taken) return nullptr;
    made->lay(made->memory_.data(), !order.empty(), bytes);
    QS_TRY(gpu.upload(made->diagonal_, diagonal.data(), diagonal.size_bytes()));
    QS_TRY(gpu.upload(made->order_, order.data(), order.size_bytes()));
    return made;
}

Result<bool> GpuFactorization::factorize(float added, bool float64) {
    auto& device = gpu();
    QS_TRY(device.call("damping second moments", &Gpu::Table::dampedMoments, gram_, n_, scale_,
                       static_cast<const float*>(diagonal_), added, static_cast<const std::int32_t*>(order_), factor_));
    GpuBytes wide;
    if (float64) {
        QS_ASSIGN(wide, device.take(GpuMemory::solver, static_cast<std::uint64_t>(n_ * n_) * sizeof(double),
                                    "a factorization in float64"));
        QS_TRY(device.call("a factorization", &Gpu::Table::inverseFactorFloat64, factor_, n_, wide.as<double>(),
                           refused_));
    } else {
        QS_TRY(device.call("a factorization", &Gpu::Table::inverseFactor, factor_, n_, refused_));
    }
    std::int32_t refused = 0;
    QS_TRY(device.download(&refused, refused_, sizeof(refused)));
    QS_TRY(device.synchronize());
    return refused == 0;
}

Status GpuFactorization::download(float* factor) {
    QS_TRY(gpu().download(factor, factor_, static_cast<std::uint64_t>(n_ * n_) * sizeof(float)));
    return gpu().synchronize();
}

}  // namespace quantoscope
