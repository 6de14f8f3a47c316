// The elementwise kernels with host memory on the CPU or on the GPU, so that one test body serves both.
#pragma once

#include <vector>

#include "kernels/rms_norm/rms_norm.h"
#include "kernels/rotary_embedding/rotary_embedding.h"
#include "kernels/silu_multiply/silu_multiply.h"
#include "kernels/token_nll/token_nll.h"
#include "tests/kernels/cuda_test_tools.h"

namespace quantoscope::test {

/// A CPU level while it lives, or the first GPU for kCudaLevel.
class ElementwiseOn {
public:
    explicit ElementwiseOn(int level) {
        if (level == kCudaLevel)
            gpu_ = std::make_unique<Gpu>();
        else
            guard_ = std::make_unique<LevelGuard>(level);
    }
    bool isSound() const { return gpu_ == nullptr || gpu_->isSound(); }

    template <typename Output>
    void rmsNorm(const std::vector<float>& x, const std::vector<float>& weight, float epsilon, std::int64_t rows,
                 std::vector<Output>& y) {
        const auto columns = static_cast<std::int64_t>(weight.size());
        if (gpu_ == nullptr) return kernels::rmsNorm(x.data(), weight.data(), epsilon, rows, columns, y.data());
        const float* const from = gpu_->upload(x);
        const float* const by = gpu_->upload(weight);
        Output* const to = gpu_->upload(y);
        gpu_->check(pick<Output>(Gpu::functions().rmsNormFloat32, Gpu::functions().rmsNormBfloat16)(
            gpu_->context(), from, by, epsilon, rows, columns, to));
        y = gpu_->download(to, y.size());
    }

    template <typename Output>
    void rotaryEmbedding(const std::vector<float>& x, std::int64_t stride, std::int64_t tokens, std::int64_t heads,
                         const kernels::RotaryTable& table, std::vector<Output>& y, std::int64_t first_row) {
        if (gpu_ == nullptr)
            return kernels::rotaryEmbedding(x.data(), stride, tokens, heads, table, y.data(), stride, first_row);
        const kernels::CudaRotaryTable on_device{gpu_->upload(table.cosine), gpu_->upload(table.sine),
                                                 table.position_count, table.half};
        const float* const from = gpu_->upload(x);
        Output* const to = gpu_->upload(y);
        gpu_->check(pick<Output>(Gpu::functions().rotaryEmbeddingFloat32, Gpu::functions().rotaryEmbeddingBfloat16)(
            gpu_->context(), from, stride, tokens, heads, &on_device, to, stride, first_row));
        y = gpu_->download(to, y.size());
    }

    template <typename Output>
    void siluMultiply(const std::vector<float>& gate, const std::vector<float>& up, std::vector<Output>& y) {
        const auto count = static_cast<std::int64_t>(gate.size());
        if (gpu_ == nullptr) return kernels::siluMultiply(gate.data(), up.data(), count, y.data());
        const float* const left = gpu_->upload(gate);
        const float* const right = gpu_->upload(up);
        Output* const to = gpu_->upload(y);
        gpu_->check(pick<Output>(Gpu::functions().siluMultiplyFloat32, Gpu::functions().siluMultiplyBfloat16)(
            gpu_->context(), left, right, count, to));
        y = gpu_->download(to, y.size());
    }

    void updateSoftmax(const std::vector<float>& logits, std::int64_t columns, std::int64_t first_id,
                       const std::vector<std::int32_t>& targets, std::vector<kernels::RunningSoftmax>& running) {
        const auto tokens = static_cast<std::int64_t>(targets.size());
        if (gpu_ == nullptr)
            return kernels::updateSoftmax(logits.data(), tokens, columns, first_id, targets.data(), running.data());
        const float* const rows = gpu_->upload(logits);
        const std::int32_t* const wanted = gpu_->upload(targets);
        auto* const states = gpu_->upload(running);
        gpu_->check(Gpu::functions().updateSoftmax(gpu_->context(), rows, tokens, columns, first_id, wanted, states));
        running = gpu_->download(states, running.size());
    }

private:
    template <typename Output, typename Float32, typename Bfloat16>
    static auto pick(Float32 float32, Bfloat16 bfloat16) {
        if constexpr (std::is_same_v<Output, float>)
            return float32;
        else
            return bfloat16;
    }
    std::unique_ptr<LevelGuard> guard_;
    std::unique_ptr<Gpu> gpu_;
};

}  // namespace quantoscope::test
