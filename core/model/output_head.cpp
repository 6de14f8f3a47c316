#include "core/model/output_head.h"

#include <algorithm>

#include "core/model/kernel_result.h"
#include "core/model/packed_linear.h"
#include "kernels/rms_norm/rms_norm.h"

namespace quantoscope {
namespace {

constexpr std::int64_t kPieceRows = 2048;

}  // namespace

Result<HeadPart> HeadPart::read(const WeightSource& weights, std::int64_t first_id, std::int64_t count,
                                Precision precision, const JobContext& job) {
    const auto& config = weights.config();
    HeadPart part;
    part.first_id_ = first_id;
    for (std::int64_t row = 0; row < count; row += kPieceRows) {
        QS_TRY(job.checkStop());
        QS_ASSIGN(auto piece, readPacked(weights, headName(config), first_id + row, std::min(kPieceRows, count - row),
                                         config.hidden_size, precision));
        part.pieces_.push_back(std::move(piece));
    }
    return part;
}

Result<FinalNorm> FinalNorm::read(const WeightSource& weights, Precision precision) {
    FinalNorm norm;
    QS_ASSIGN(norm.weight_, weights.readVector("model.norm.weight"));
    if (static_cast<std::int64_t>(norm.weight_.size()) != weights.config().hidden_size)
        return failure("model.norm.weight has " + std::to_string(norm.weight_.size()) + " values where the model is " +
                       std::to_string(weights.config().hidden_size) + " wide");
    norm.epsilon_ = static_cast<float>(weights.config().rms_norm_eps);
    norm.precision_ = precision;
    return norm;
}

Status FinalNorm::apply(const float* hidden, std::int64_t tokens) {
    const auto columns = static_cast<std::int64_t>(weight_.size());
    tokens_ = tokens;
    const bool wide = precision_ == Precision::float32;
    if (!(wide ? float32_.reserve(tokens * columns) : bfloat16_.reserve(tokens * columns)))
        return kernelResult(kernels::KernelStatus::out_of_memory, "the final norm");
    if (wide)
        kernels::rmsNorm(hidden, weight_.data(), epsilon_, tokens, columns, float32_.data());
    else
        kernels::rmsNorm(hidden, weight_.data(), epsilon_, tokens, columns, bfloat16_.data());
    return {};
}

Status FinalNorm::product(const kernels::PackedMatrix& piece, float* logits, const std::stop_token& stop) const {
    const auto store = kernels::MatmulOutput::store;
    const auto status = precision_ == Precision::float32
                            ? kernels::matmul(float32_.data(), tokens_, piece, logits, store, stop)
                            : kernels::matmul(bfloat16_.data(), tokens_, piece, logits, store, stop);
    return kernelResult(status, "the output head");
}

}  // namespace quantoscope
