// The forward kernels of the emulated device.
#include <algorithm>
#include <vector>

#include "kernels/attention/attention.h"
#include "kernels/channel_statistics/channel_statistics.h"
#include "kernels/convert_float/convert_float.h"
#include "kernels/gram/gram.h"
#include "kernels/matmul/matmul.h"
#include "kernels/rms_norm/rms_norm.h"
#include "kernels/rotary_embedding/rotary_embedding.h"
#include "kernels/silu_multiply/silu_multiply.h"
#include "tests/support/emulated_device.h"

namespace quantoscope::test {
namespace {

using kernels::CudaContext;
using kernels::CudaStatus;
using kernels::KernelStatus;

std::vector<float> wide(const std::uint16_t* bits, std::int64_t count) {
    std::vector<float> values(static_cast<std::size_t>(count));
    kernels::reference::bfloat16ToFloat(bits, values.data(), values.size());
    return values;
}
const float* wide(const float* values, std::int64_t) {
    return values;
}
const float* pointer(const std::vector<float>& values) {
    return values.data();
}
const float* pointer(const float* values) {
    return values;
}
void put(const std::vector<float>& values, float* to) {
    std::ranges::copy(values, to);
}
void put(const std::vector<float>& values, std::uint16_t* to) {
    kernels::reference::floatToBfloat16(values.data(), to, values.size());
}
CudaStatus misused(const char* kernel) {
    return {KernelStatus::failed, kernel, "a pointer is not the device's"};
}
std::vector<float> floats(std::int64_t count) {
    return std::vector<float>(static_cast<std::size_t>(count));
}

template <typename Element>
CudaStatus gramAdd(CudaContext*, const Element* x, std::int64_t rows, std::int64_t columns, float* gram) {
    if (!isDevice("gramAdd", x, rows * columns) || !isDevice("gramAdd", gram, columns * columns))
        return misused("gramAdd");
    return device().launch("gramAdd", [=] {
        const auto values = wide(x, rows * columns);
        kernels::gramReference(pointer(values), rows, columns, gram);
    });
}
CudaStatus gramMirror(CudaContext*, float* gram, std::int64_t columns) {
    if (!isDevice("gramMirror", gram, columns * columns)) return misused("gramMirror");
    return device().launch("gramMirror", [=] { kernels::gramMirror(gram, columns); });
}
CudaStatus channelStatistics(CudaContext*, const std::uint16_t* x, std::int64_t rows, std::int64_t columns,
                             double* sums, float* maxima) {
    if (!isDevice("channelStatistics", x, rows * columns) || !isDevice("channelStatistics", sums, columns) ||
        !isDevice("channelStatistics", maxima, columns))
        return misused("channelStatistics");
    return device().launch("channelStatistics", [=] {
        const auto values = wide(x, rows * columns);
        kernels::channelStatisticsReference(values.data(), rows, columns, sums, maxima);
    });
}
CudaStatus floatToBfloat16(CudaContext*, const float* values, std::int64_t count, std::uint16_t* bits) {
    if (!isDevice("floatToBfloat16", values, count) || !isDevice("floatToBfloat16", bits, count))
        return misused("floatToBfloat16");
    return device().launch("floatToBfloat16",
                           [=] { kernels::reference::floatToBfloat16(values, bits, static_cast<std::size_t>(count)); });
}
CudaStatus matmulBfloat16(CudaContext*, const std::uint16_t* x, std::int64_t tokens, const std::uint16_t* weights,
                          std::int64_t rows, std::int64_t columns, float* y, kernels::MatmulOutput output) {
    if (!isDevice("matmul", x, tokens * columns) || !isDevice("matmul", weights, rows * columns) ||
        !isDevice("matmul", y, tokens * rows))
        return misused("matmul");
    return device().launch("matmul", [=, factor = device().product_factor] {
        auto product = floats(tokens * rows);
        kernels::matmulReference(wide(x, tokens * columns).data(), tokens, wide(weights, rows * columns).data(), rows,
                                 columns, kernels::MatmulOperand::bfloat16, product.data());
        for (auto& value : product) value *= factor;
        for (std::size_t i = 0; i < product.size(); ++i)
            y[i] = output == kernels::MatmulOutput::add ? y[i] + product[i] : product[i];
    });
}
template <typename Element>
CudaStatus rmsNorm(CudaContext*, const float* x, const float* weight, float epsilon, std::int64_t rows,
                   std::int64_t columns, Element* y) {
    if (!isDevice("rmsNorm", x, rows * columns) || !isDevice("rmsNorm", weight, columns) ||
        !isDevice("rmsNorm", y, rows * columns))
        return misused("rmsNorm");
    return device().launch("rmsNorm", [=] {
        auto values = floats(rows * columns);
        kernels::rmsNormReference(x, weight, epsilon, rows, columns, values.data());
        put(values, y);
    });
}
template <typename Element>
CudaStatus rotaryEmbedding(CudaContext*, const float* x, std::int64_t x_stride, std::int64_t tokens, std::int64_t heads,
                           const kernels::CudaRotaryTable* rows, Element* y, std::int64_t y_stride,
                           std::int64_t first_row) {
    const auto on_device = *rows;
    const auto size = on_device.position_count * on_device.half;
    if (!isDevice("rotaryEmbedding", on_device.cosine, size) || !isDevice("rotaryEmbedding", on_device.sine, size) ||
        !isDevice("rotaryEmbedding", x, tokens * x_stride) || !isDevice("rotaryEmbedding", y, tokens * y_stride))
        return misused("rotaryEmbedding");
    return device().launch("rotaryEmbedding", [=] {
        kernels::RotaryTable table;
        table.position_count = on_device.position_count;
        table.half = on_device.half;
        table.cosine.assign(on_device.cosine, on_device.cosine + size);
        table.sine.assign(on_device.sine, on_device.sine + size);
        auto values = floats(tokens * y_stride);
        kernels::rotaryEmbeddingReference(x, x_stride, tokens, heads, table, values.data(), y_stride, first_row);
        put(values, y);
    });
}
template <typename Element>
CudaStatus siluMultiply(CudaContext*, const float* gate, const float* up, std::int64_t count, Element* y) {
    if (!isDevice("siluMultiply", gate, count) || !isDevice("siluMultiply", up, count) ||
        !isDevice("siluMultiply", y, count))
        return misused("siluMultiply");
    return device().launch("siluMultiply", [=] {
        auto values = floats(count);
        kernels::siluMultiplyReference(gate, up, count, values.data());
        put(values, y);
    });
}
template <typename Element>
CudaStatus attention(CudaContext*, const kernels::AttentionShape* given, const Element* q, const Element* k,
                     const Element* v, Element* out) {
    const auto shape = *given;  // dense
    const auto queries = shape.sequence_count * shape.query_count * shape.head_count * shape.head_dim;
    const auto keys = shape.sequence_count * shape.key_count * shape.kv_head_count * shape.head_dim;
    if (!isDevice("attention", q, queries) || !isDevice("attention", k, keys) || !isDevice("attention", v, keys) ||
        !isDevice("attention", out, queries))
        return misused("attention");
    return device().launch("attention", [=] {
        auto values = floats(queries);
        const auto wide_q = wide(q, queries);
        const auto wide_k = wide(k, keys);
        const auto wide_v = wide(v, keys);
        kernels::attentionReference(shape, pointer(wide_q), pointer(wide_k), pointer(wide_v), values.data());
        put(values, out);
    });
}
CudaStatus updateSoftmax(CudaContext*, const float* logits, std::int64_t tokens, std::int64_t columns,
                         std::int64_t first_id, const std::int32_t* targets, kernels::RunningSoftmax* running) {
    if (!isDevice("updateSoftmax", logits, tokens * columns) || !isDevice("updateSoftmax", targets, tokens) ||
        !isDevice("updateSoftmax", running, tokens))
        return misused("updateSoftmax");
    return device().launch(
        "updateSoftmax", [=] { kernels::updateSoftmaxReference(logits, tokens, columns, first_id, targets, running); });
}

}  // namespace

void addProducts(kernels::CudaInterface& table) {
    table.gramAddFloat32 = gramAdd<float>;
    table.gramAddBfloat16 = gramAdd<std::uint16_t>;
    table.gramMirror = gramMirror;
    table.channelStatistics = channelStatistics;
    table.floatToBfloat16 = floatToBfloat16;
    table.matmulBfloat16 = matmulBfloat16;
    table.rmsNormFloat32 = rmsNorm<float>;
    table.rmsNormBfloat16 = rmsNorm<std::uint16_t>;
    table.rotaryEmbeddingFloat32 = rotaryEmbedding<float>;
    table.rotaryEmbeddingBfloat16 = rotaryEmbedding<std::uint16_t>;
    table.siluMultiplyFloat32 = siluMultiply<float>;
    table.siluMultiplyBfloat16 = siluMultiply<std::uint16_t>;
    table.attentionFloat32 = attention<float>;
    table.attentionBfloat16 = attention<std::uint16_t>;
    table.updateSoftmax = updateSoftmax;
}

}  // namespace quantoscope::test
