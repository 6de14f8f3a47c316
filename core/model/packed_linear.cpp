#include "core/model/packed_linear.h"

#include <algorithm>

#include "core/model/kernel_result.h"

namespace quantoscope {
namespace {

constexpr std::int64_t kSliceElements = std::int64_t{1} << 21;  // 8 MiB of float32 at a time

}  // namespace

kernels::MatmulOperand matmulOperand(Precision precision) {
    return precision == Precision::float32 ? kernels::MatmulOperand::float32 : kernels::MatmulOperand::bfloat16;
}

Result<kernels::PackedMatrix> readPacked(const WeightSource& weights, const std::string& name, std::int64_t first,
                                         std::int64_t count, std::int64_t columns, Precision precision) {
    kernels::PackedMatrix packed;
    QS_TRY(kernelResult(packed.reset(count, columns, matmulOperand(precision)), "the weights " + name));
    const auto granule = kernels::PackedMatrix::kRowGranule;
    const auto slice = std::max(granule, kSliceElements / columns / granule * granule);
    std::vector<float> values(static_cast<std::size_t>(std::min(slice, count) * columns));
    for (std::int64_t row = 0; row < count; row += slice) {
        const auto rows = std::min(slice, count - row);
        const std::span<float> part(values.data(), static_cast<std::size_t>(rows * columns));
        QS_TRY(weights.readRows(name, first + row, rows, part));
        packed.packRows(part.data(), row, rows);
    }
    return packed;
}

std::string headName(const ModelConfig& config) {
    return config.tie_word_embeddings ? "model.embed_tokens.weight" : "lm_head.weight";
}

}  // namespace quantoscope
