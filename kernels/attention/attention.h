// Causal grouped-query attention over whole sequences, tile by tile: the part above the diagonal is never computed and
// no score matrix is kept.
//
//   out(i, h) = sum_j softmax_j( q(i, h) . k(j, h / g) / sqrt(head_dim) ) v(j, h / g),   g = head_count / kv_head_count
//   for keys j = 0 .. key_count - query_count + i (queries are the last positions of the sequence)
//
// Query i of sequence s is token s * query_count + i, key j is token s * key_count + j; token t of q starts at
// q + t * query_stride, its heads lie behind one another. In place of a stride 0 the dense one is taken.
//
// float32 form: float32 products and sums. bfloat16 form: q, k, v and the softmax weights (before division by their
// sum) are bfloat16, sums float32, the output is rounded to bfloat16. Exponentials: kernels/exponential. Sums run in an
// order fixed by shapes and CPU level, whatever the number of threads.
#pragma once

#include <cstdint>
#include <stop_token>

#include "kernels/base/kernel_status.h"

namespace quantoscope::kernels {

struct AttentionShape {
    std::int64_t sequence_count = 1;
    std::int64_t query_count = 0;
    std::int64_t key_count = 0;  ///< >= query_count
    std::int64_t head_count = 0;
    std::int64_t kv_head_count = 0;  ///< divides head_count
    std::int64_t head_dim = 0;
    std::int64_t query_stride = 0;
    std::int64_t key_stride = 0;
    std::int64_t value_stride = 0;
    std::int64_t output_stride = 0;
};

KernelStatus attention(const AttentionShape& shape, const float* q, const float* k, const float* v, float* out,
                       const std::stop_token& stop = {});
KernelStatus attention(const AttentionShape& shape, const std::uint16_t* q, const std::uint16_t* k,
                       const std::uint16_t* v, std::uint16_t* out, const std::stop_token& stop = {});

/// Plain loops, sums in double.
void attentionReference(const AttentionShape& shape, const float* q, const float* k, const float* v, float* out);

}  // namespace quantoscope::kernels
