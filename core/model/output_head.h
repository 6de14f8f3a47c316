// Final norm and head: from the last block's output to logits, a piece of the vocabulary at a time (private to
// core/model).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/model/decoder_block.h"
#include "core/model/weight_source.h"
#include "kernels/base/aligned_buffer.h"
#include "kernels/matmul/matmul.h"

namespace quantoscope {

/// Rows [first_id, first_id + rows()) of the head, packed in pieces whose logits stay in cache.
class HeadPart {
public:
    static Result<HeadPart> read(const WeightSource& weights, std::int64_t first_id, std::int64_t count,
                                 Precision precision, const JobContext& job);
    std::int64_t firstId() const { return first_id_; }
    const std::vector<kernels::PackedMatrix>& pieces() const { return pieces_; }

private:
    std::int64_t first_id_ = 0;
    std::vector<kernels::PackedMatrix> pieces_;
};

/// The final norm in the operands of the products.
class FinalNorm {
public:
    static Result<FinalNorm> read(const WeightSource& weights, Precision precision);
    /// Normalises tokens x hidden values and keeps them for product().
    Status apply(const float* hidden, std::int64_t tokens);
    /// Logits of the tokens last applied: tokens x piece.rows().
    Status product(const kernels::PackedMatrix& piece, float* logits, const std::stop_token& stop) const;

private:
    std::vector<float> weight_;
    float epsilon_ = 0.0F;
    Precision precision_ = Precision::bfloat16;
    std::int64_t tokens_ = 0;
    kernels::AlignedBuffer<float> float32_;
    kernels::AlignedBuffer<std::uint16_t> bfloat16_;
};

}  // namespace quantoscope
