// The factor of the inverse of damped second moments, on the GPU that gathered them (kernels/cholesky).
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "core/base/result.h"
#include "core/device/gpu.h"

namespace quantoscope {

class GpuFactorization {
public:
    /// Of scale * gram with `diagonal` in place of its own, rows and columns in this order (empty: as they come). Null
    /// where the device has no room. The Gram matrix must outlive the factorizing.
    static Result<std::shared_ptr<GpuFactorization>> prepare(const GpuBytes& gram, float scale,
                                                             std::span<const float> diagonal,
                                                             std::span<const std::int32_t> order);

    /// With `added` on the diagonal. False: not positive definite. Waits.
    Result<bool> factorize(float added, bool float64);
    Status download(float* factor);
    /// n x n on the device, upper triangular, zeros below the diagonal.
    const float* factor() const { return factor_; }
    /// On the device; null: as they come.
    const std::int32_t* order() const { return order_; }
    Gpu& gpu() const { return memory_.gpu(); }

private:
    void lay(void* memory, bool ordered, std::uint64_t& bytes);

    std::int64_t n_ = 0;
    float scale_ = 1.0F;
    const float* gram_ = nullptr;
    GpuBytes memory_;
    float* factor_ = nullptr;
    float* diagonal_ = nullptr;
    std::int32_t* order_ = nullptr;
    std::int32_t* refused_ = nullptr;
};

}  // namespace quantoscope
