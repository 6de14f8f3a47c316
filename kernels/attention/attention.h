// Causal grouped-query attention over whole sequences, tile by tile: the part above the diagonal is never computed and
// no score matrix is kept.
//
//   out(i, h) = sum_j softmax_j( q(i, h) . k(j, h / g) / sqrt(head_dim) ) v(j, h / g),   g = head_count / kv_head_count
//   for keys j = 0 .. key_count - query_count + i (queries are the last positions of the sequence)
//
// Query i of sequence s is token s * query_count + i, key j is token s * key_count + j; token t of q starts at
// q + t * query_stride, its heads lie behind one another. In place of a stride 0 the dense one is taken.
//
// float32 form: float32 products and sums. bfloat16 form: q, k, v are bfloat16 and the output is rounded to bfloat16;
// what is between (scores, exponentials, weights, sums) is float32. Exponentials: kernels/exponential. Sums run in an
// order fixed by shapes and CPU level, whatever the number of threads or of queries done together.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

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

/// Keys and values of one sequence laid out for the products; grows token by token up to its capacity (generation).
class KeyValuePanels {
public:
    KeyValuePanels();
    KeyValuePanels(KeyValuePanels&&) noexcept;
    KeyValuePanels& operator=(KeyValuePanels&&) noexcept;
    ~KeyValuePanels();

    /// Empties it and makes room. Memory: 8 bytes per capacity, kv head and (padded) head dimension.
    KernelStatus reset(std::int64_t kv_head_count, std::int64_t head_dim, std::int64_t capacity);
    /// Appends `count` tokens (room must be there). k and v: heads of a token behind one another.
    void append(const float* k, std::int64_t key_stride, const float* v, std::int64_t value_stride, std::int64_t count);
    void append(const std::uint16_t* k, std::int64_t key_stride, const std::uint16_t* v, std::int64_t value_stride,
                std::int64_t count);
    /// Forgets the tokens from `length` on (no more than there are).
    void truncate(std::int64_t length);
    std::int64_t length() const;
    std::int64_t capacity() const;

    struct State;
    const State& state() const { return *state_; }

private:
    std::unique_ptr<State> state_;
};

/// Attention of the last shape.query_count tokens in `keys_and_values` (shape.sequence_count 1; key_count, key_stride
/// and value_stride are not looked at).
KernelStatus attention(const AttentionShape& shape, const float* q, const KeyValuePanels& keys_and_values, float* out,
                       const std::stop_token& stop = {});
KernelStatus attention(const AttentionShape& shape, const std::uint16_t* q, const KeyValuePanels& keys_and_values,
                       std::uint16_t* out, const std::stop_token& stop = {});

/// Sequences that begin alike: a trunk, and branches that each go on where it ends. Their tokens lie behind one
/// another: trunk, first branch, second branch, ... A branch's token sees the trunk and its own branch up to itself.
struct BranchedSequence {
    std::int64_t first_token = 0;
    std::int64_t trunk = 0;              ///< tokens, may be none
    std::vector<std::int64_t> branches;  ///< tokens of each, may be none
};

/// Attention within each of the sequences (shape.sequence_count, query_count and key_count are not looked at). The same
/// bytes as for trunk and branch as one sequence of their own.
KernelStatus attention(const AttentionShape& shape, std::span<const BranchedSequence> sequences, const float* q,
                       const float* k, const float* v, float* out, const std::stop_token& stop = {});
KernelStatus attention(const AttentionShape& shape, std::span<const BranchedSequence> sequences, const std::uint16_t* q,
                       const std::uint16_t* k, const std::uint16_t* v, std::uint16_t* out,
                       const std::stop_token& stop = {});

/// Plain loops, sums in double.
void attentionReference(const AttentionShape& shape, const float* q, const float* k, const float* v, float* out);

}  // namespace quantoscope::kernels
