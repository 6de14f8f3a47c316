#include "core/model/packed_linear.h"

#include <algorithm>
#include <vector>

#include "core/model/kernel_result.h"
#include "kernels/base/aligned_buffer.h"

namespace quantoscope {
namespace {

constexpr std::int64_t kSliceElements = std::int64_t{1} << 18;  // 1 MiB of float32 at a time and thread

struct Slice {
    std::int64_t source_row;
    std::int64_t packed_row;
    std::int64_t rows;
};

Status readSlice(const WeightSource& weights, const std::string& name, const Slice& slice,
                 kernels::PackedMatrix& packed) {
    kernels::AlignedBuffer<float> values;
    const auto elements = slice.rows * packed.columns();
    if (!values.reserve(elements)) return kernelResult(kernels::KernelStatus::out_of_memory, "reading " + name);
    QS_TRY(weights.readRows(name, slice.source_row, slice.rows, {values.data(), static_cast<std::size_t>(elements)}));
    packed.packRows(values.data(), slice.packed_row, slice.rows);
    return {};
}

}  // namespace

kernels::MatmulOperand matmulOperand(Precision precision) {
    return precision == Precision::float32 ? kernels::MatmulOperand::float32 : kernels::MatmulOperand::bfloat16;
}

Result<kernels::PackedMatrix> readPacked(const WeightSource& weights, const std::string& name, std::int64_t first,
                                         std::int64_t count, std::int64_t columns, Precision precision) {
    kernels::PackedMatrix packed;
    QS_TRY(kernelResult(packed.reset(count, columns, matmulOperand(precision)), "the weights " + name));
    const auto granule = kernels::PackedMatrix::kRowGranule;
    const auto rows = std::max(granule, kSliceElements / std::max<std::int64_t>(1, columns) / granule * granule);
    const auto slices = (count + rows - 1) / rows;
    std::vector<Status> outcomes(static_cast<std::size_t>(slices));
#pragma omp parallel for schedule(static) if (slices > 1)
    for (std::int64_t slice = 0; slice < slices; ++slice) {
        const Slice part{first + slice * rows, slice * rows, std::min(rows, count - slice * rows)};
        outcomes[static_cast<std::size_t>(slice)] = readSlice(weights, name, part, packed);
    }
    for (auto& outcome : outcomes) QS_TRY(std::move(outcome));
    return packed;
}

std::string headName(const ModelConfig& config) {
    return config.tie_word_embeddings ? "model.embed_tokens.weight" : "lm_head.weight";
}

}  // namespace quantoscope
