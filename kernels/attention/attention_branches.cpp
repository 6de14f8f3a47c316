#include <omp.h>

#include <algorithm>
#include <atomic>
#include <numeric>

#include "kernels/attention/attention.h"

namespace quantoscope::kernels {
namespace {

/// Dense rows of q, k, v and the output, in elements from token to token.
struct Strides {
    std::int64_t query;
    std::int64_t key;
    std::int64_t value;
    std::int64_t output;
};

Strides stridesOf(const AttentionShape& shape) {
    const auto width = shape.head_count * shape.head_dim;
    const auto kv_width = shape.kv_head_count * shape.head_dim;
    return {shape.query_stride > 0 ? shape.query_stride : width, shape.key_stride > 0 ? shape.key_stride : kv_width,
            shape.value_stride > 0 ? shape.value_stride : kv_width,
            shape.output_stride > 0 ? shape.output_stride : width};
}

template <typename Element>
class Branches {
public:
    Branches(const AttentionShape& shape, const Element* q, const Element* k, const Element* v, Element* out,
             const std::stop_token& stop)
        : shape_(shape), strides_(stridesOf(shape)), q_(q), k_(k), v_(v), out_(out), stop_(stop) {}

    KernelStatus attend(const BranchedSequence& sequence, KeyValuePanels& panels) const {
        const auto longest =
            std::accumulate(sequence.branches.begin(), sequence.branches.end(), std::int64_t{0},
                            [](std::int64_t most, std::int64_t tokens) { return std::max(most, tokens); });
        auto status = panels.reset(shape_.kv_head_count, shape_.head_dim, sequence.trunk + longest);
        if (status != KernelStatus::ok) return status;
        status = attendRun(sequence.first_token, sequence.trunk, panels);
        auto token = sequence.first_token + sequence.trunk;
        for (const auto branch : sequence.branches) {
            if (status != KernelStatus::ok) return status;
            panels.truncate(sequence.trunk);
            status = attendRun(token, branch, panels);
            token += branch;
        }
        return status;
    }

private:
    KernelStatus attendRun(std::int64_t first, std::int64_t tokens, KeyValuePanels& panels) const {
        if (tokens == 0) return KernelStatus::ok;
        panels.append(k_ + first * strides_.key, strides_.key, v_ + first * strides_.value, strides_.value, tokens);
        auto shape = shape_;
        shape.query_count = tokens;
        return attention(shape, q_ + first * strides_.query, panels, out_ + first * strides_.output, stop_);
    }

    AttentionShape shape_;
    Strides strides_;
    const Element* q_;
    const Element* k_;
    const Element* v_;
    Element* out_;
    const std::stop_token& stop_;
};

template <typename Element>
KernelStatus attendAll(const Branches<Element>& branches, std::span<const BranchedSequence> sequences) {
    const auto count = static_cast<std::int64_t>(sequences.size());
    const int threads = omp_in_parallel() != 0 ? 1 : omp_get_max_threads();
    std::vector<KeyValuePanels> panels(static_cast<std::size_t>(threads));
    std::atomic<KernelStatus> status = KernelStatus::ok;
    // Many short sequences: a thread each. Few long ones: all threads within each.
#pragma omp parallel for schedule(static, 1) num_threads(threads) if (threads > 1 && count >= 2 * threads)
    for (std::int64_t i = 0; i < count; ++i) {
        if (status.load() != KernelStatus::ok) continue;
        const auto result = branches.attend(sequences[static_cast<std::size_t>(i)],
                                            panels[static_cast<std::size_t>(omp_get_thread_num())]);
        if (result != KernelStatus::ok) status = result;
    }
    return status;
}

}  // namespace

KernelStatus attention(const AttentionShape& shape, std::span<const BranchedSequence> sequences, const float* q,
                       const float* k, const float* v, float* out, const std::stop_token& stop) {
    return attendAll(Branches<float>(shape, q, k, v, out, stop), sequences);
}
KernelStatus attention(const AttentionShape& shape, std::span<const BranchedSequence> sequences, const std::uint16_t* q,
                       const std::uint16_t* k, const std::uint16_t* v, std::uint16_t* out,
                       const std::stop_token& stop) {
    return attendAll(Branches<std::uint16_t>(shape, q, k, v, out, stop), sequences);
}

}  // namespace quantoscope::kernels
