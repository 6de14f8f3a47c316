#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/attention/attention.h"

namespace quantoscope::kernels {
namespace {

struct Heads {
    const float* q;
    const float* k;
    const float* v;
    float* out;
    std::int64_t key_stride;
    std::int64_t value_stride;
    std::int64_t dim;
};

void attendOne(const Heads& heads, std::int64_t keys) {
    std::vector<double> weights(static_cast<std::size_t>(keys));
    for (std::int64_t j = 0; j < keys; ++j) {
        double dot = 0.0;
        for (std::int64_t d = 0; d < heads.dim; ++d)
            dot += static_cast<double>(heads.q[d]) * heads.k[j * heads.key_stride + d];
        weights[static_cast<std::size_t>(j)] = dot / std::sqrt(static_cast<double>(heads.dim));
    }
    const double largest = *std::max_element(weights.begin(), weights.end());
    double total = 0.0;
    for (auto& weight : weights) total += weight = std::exp(weight - largest);
    for (std::int64_t d = 0; d < heads.dim; ++d) {
        double sum = 0.0;
        for (std::int64_t j = 0; j < keys; ++j)
            sum += weights[static_cast<std::size_t>(j)] * heads.v[j * heads.value_stride + d];
        heads.out[d] = static_cast<float>(sum / total);
    }
}

}  // namespace

void attentionReference(const AttentionShape& shape, const float* q, const float* k, const float* v, float* out) {
    const auto dim = shape.head_dim;
    const auto stride = [&](std::int64_t given, std::int64_t heads) { return given > 0 ? given : heads * dim; };
    const auto query_stride = stride(shape.query_stride, shape.head_count);
    const auto output_stride = stride(shape.output_stride, shape.head_count);
    const auto key_stride = stride(shape.key_stride, shape.kv_head_count);
    const auto value_stride = stride(shape.value_stride, shape.kv_head_count);
    for (std::int64_t s = 0; s < shape.sequence_count; ++s) {
        for (std::int64_t i = 0; i < shape.query_count; ++i) {
            for (std::int64_t h = 0; h < shape.head_count; ++h) {
                const auto kv = h / (shape.head_count / shape.kv_head_count);
                const auto token = s * shape.query_count + i;
                attendOne({q + token * query_stride + h * dim, k + s * shape.key_count * key_stride + kv * dim,
                           v + s * shape.key_count * value_stride + kv * dim, out + token * output_stride + h * dim,
                           key_stride, value_stride, dim},
                          shape.key_count - shape.query_count + i + 1);
            }
        }
    }
}

}  // namespace quantoscope::kernels
