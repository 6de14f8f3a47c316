#include <omp.h>

#include <algorithm>
#include <cmath>

#include "kernels/attention/attention_loops.h"
#include "kernels/attention/key_value_state.h"
#include "kernels/base/select.h"

namespace quantoscope::kernels {
namespace {

template <typename Element>
KernelStatus attendSequence(const AttentionShape& shape, const Element* q, const KeyValuePanels& cache, Element* out,
                            const std::stop_token& stop) {
    auto* attend_tile = selectVersion<void(const AttentionTile<Element>&)>(
        simd_baseline::attendTile, simd_avx2::attendTile, simd_avx512::attendTile);
    const auto& state = cache.state();
    const auto width = shape.head_count * shape.head_dim;
    const auto query_stride = shape.query_stride > 0 ? shape.query_stride : width;
    const auto output_stride = shape.output_stride > 0 ? shape.output_stride : width;
    const auto group = shape.head_count / shape.kv_head_count;
    const auto tiles = (shape.query_count + kQueryTile - 1) / kQueryTile;
    const int threads = omp_in_parallel() != 0 ? 1 : omp_get_max_threads();
    AlignedBuffer<float> scratch;
    const auto per_thread = tileScratch(shape.head_dim);
    if (!scratch.reserve(per_thread * threads)) return KernelStatus::out_of_memory;
    // Late tiles see more keys: taking turns from the last one evens out the threads.
#pragma omp parallel for schedule(static, 1) num_threads(threads) if (threads > 1)
    for (std::int64_t item = 0; item < shape.head_count * tiles; ++item) {
        if (stop.stop_requested()) continue;
        const auto first = (tiles - 1 - item / shape.head_count) * kQueryTile;
        const auto head = item % shape.head_count;
        attend_tile({.q = q + first * query_stride + head * shape.head_dim,
                     .query_stride = query_stride,
                     .queries = std::min(kQueryTile, shape.query_count - first),
                     .first_position = state.length - shape.query_count + first,
                     .head_dim = shape.head_dim,
                     .scale = 1.0F / std::sqrt(static_cast<float>(shape.head_dim)),
                     .key_panels = state.keysOf(head / group),
                     .value_panels = state.valuesOf(head / group),
                     .value_panel_elements = state.valuePanel(),
                     .out = out + first * output_stride + head * shape.head_dim,
                     .output_stride = output_stride,
                     .scratch = scratch.data() + per_thread * omp_get_thread_num()});
    }
    return stop.stop_requested() ? KernelStatus::cancelled : KernelStatus::ok;
}

template <typename Element>
KernelStatus attendSequences(AttentionShape shape, const Element* q, const Element* k, const Element* v, Element* out,
                             const std::stop_token& stop) {
    const auto width = shape.head_count * shape.head_dim;
    const auto kv_width = shape.kv_head_count * shape.head_dim;
    if (shape.query_stride == 0) shape.query_stride = width;
    if (shape.output_stride == 0) shape.output_stride = width;
    if (shape.key_stride == 0) shape.key_stride = kv_width;
    if (shape.value_stride == 0) shape.value_stride = kv_width;
    KeyValuePanels panels;
    for (std::int64_t s = 0; s < shape.sequence_count; ++s) {
        if (const auto status = panels.reset(shape.kv_head_count, shape.head_dim, shape.key_count);
            status != KernelStatus::ok)
            return status;
        panels.append(k + s * shape.key_count * shape.key_stride, shape.key_stride,
                      v + s * shape.key_count * shape.value_stride, shape.value_stride, shape.key_count);
        const auto status = attendSequence(shape, q + s * shape.query_count * shape.query_stride, panels,
                                           out + s * shape.query_count * shape.output_stride, stop);
        if (status != KernelStatus::ok) return status;
    }
    return KernelStatus::ok;
}

}  // namespace

KernelStatus attention(const AttentionShape& shape, const float* q, const float* k, const float* v, float* out,
                       const std::stop_token& stop) {
    return attendSequences(shape, q, k, v, out, stop);
}
KernelStatus attention(const AttentionShape& shape, const std::uint16_t* q, const std::uint16_t* k,
                       const std::uint16_t* v, std::uint16_t* out, const std::stop_token& stop) {
    return attendSequences(shape, q, k, v, out, stop);
}
KernelStatus attention(const AttentionShape& shape, const float* q, const KeyValuePanels& keys_and_values, float* out,
                       const std::stop_token& stop) {
    return attendSequence(shape, q, keys_and_values, out, stop);
}
KernelStatus attention(const AttentionShape& shape, const std::uint16_t* q, const KeyValuePanels& keys_and_values,
                       std::uint16_t* out, const std::stop_token& stop) {
    return attendSequence(shape, q, keys_and_values, out, stop);
}

}  // namespace quantoscope::kernels
