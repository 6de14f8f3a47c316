#include <algorithm>
#include <array>

#include "kernels/attention/attention_tile.h"
#include "kernels/attention/key_value_state.h"
#include "kernels/convert_float/convert_float.h"
#include "kernels/matmul/panel_layout.h"

namespace quantoscope::kernels {
namespace {

constexpr std::int64_t kStrip = 16;

/// Tokens [begin, end) of one kv head, all within one block of 64 keys; `first` is the cache position of token 0.
template <typename Element>
void placeTokens(KeyValuePanels::State& state, std::int64_t head, const Element* k, std::int64_t key_stride,
                 const Element* v, std::int64_t value_stride, std::int64_t first, std::int64_t begin,
                 std::int64_t end) {
    const auto dim = state.head_dim;
    const auto position = first + begin;
    float* keys = state.keys.data() + (head * state.capacity + position / kPanelWidth * kPanelWidth) * dim;
    float* values = state.values.data() + head * state.valuePanel() * (paddedHeadDim(dim) / kPanelWidth);
    // Both loops run along memory: sixteen dimensions of all tokens are widened, then written as rows of keys.
    std::array<std::array<float, kPanelWidth>, kStrip> strip;
    for (std::int64_t d = 0; d < dim; d += kStrip) {
        const auto width = std::min(kStrip, dim - d);
        for (std::int64_t t = begin; t < end; ++t) {
            const Element* from = k + t * key_stride + head * dim + d;
            for (std::int64_t i = 0; i < width; ++i)
                strip[static_cast<std::size_t>(i)][static_cast<std::size_t>(t - begin)] = widened(from[i]);
        }
        for (std::int64_t i = 0; i < width; ++i)
            std::copy_n(strip[static_cast<std::size_t>(i)].data(), end - begin,
                        keys + (d + i) * kPanelWidth + position % kPanelWidth);
    }
    for (std::int64_t t = begin; t < end; ++t)
        for (std::int64_t d = 0; d < dim; d += kPanelWidth) {
            const Element* from = v + t * value_stride + head * dim + d;
            float* to = values + d / kPanelWidth * state.valuePanel() + (first + t) * kPanelWidth;
            const auto width = std::min<std::int64_t>(kPanelWidth, dim - d);
            for (std::int64_t i = 0; i < width; ++i) to[i] = widened(from[i]);
        }
}

template <typename Element>
void place(KeyValuePanels::State& state, const Element* k, std::int64_t key_stride, const Element* v,
           std::int64_t value_stride, std::int64_t count) {
    const auto first = state.length;
    const auto first_block = first / kPanelWidth;
    const auto blocks = (first + count + kPanelWidth - 1) / kPanelWidth - first_block;
    const auto width = state.kv_head_count * state.head_dim;
    const auto k_stride = key_stride > 0 ? key_stride : width;
    const auto v_stride = value_stride > 0 ? value_stride : width;
#pragma omp parallel for schedule(static) if (count > 16)
    for (std::int64_t item = 0; item < state.kv_head_count * blocks; ++item) {
        const auto block = first_block + item % blocks;
        const auto begin = std::max<std::int64_t>(0, block * kPanelWidth - first);
        const auto end = std::min(count, (block + 1) * kPanelWidth - first);
        placeTokens(state, item / blocks, k, k_stride, v, v_stride, first, begin, end);
    }
    state.length += count;
}

}  // namespace

std::int64_t KeyValuePanels::State::valuePanel() const {
    return capacity * kPanelWidth;
}
const float* KeyValuePanels::State::valuesOf(std::int64_t head) const {
    return values.data() + head * valuePanel() * (paddedHeadDim(head_dim) / kPanelWidth);
}

KeyValuePanels::KeyValuePanels() : state_(std::make_unique<State>()) {}
KeyValuePanels::KeyValuePanels(KeyValuePanels&&) noexcept = default;
KeyValuePanels& KeyValuePanels::operator=(KeyValuePanels&&) noexcept = default;
KeyValuePanels::~KeyValuePanels() = default;

KernelStatus KeyValuePanels::reset(std::int64_t kv_head_count, std::int64_t head_dim, std::int64_t capacity) {
    const auto padded = std::max(kPanelWidth, (capacity + kPanelWidth - 1) / kPanelWidth * kPanelWidth);
    const auto key_elements = kv_head_count * padded * head_dim;
    const auto value_elements = kv_head_count * padded * paddedHeadDim(head_dim);
    state_->length = 0;
    if (!state_->keys.reserve(key_elements) || !state_->values.reserve(value_elements))
        return KernelStatus::out_of_memory;
    state_->kv_head_count = kv_head_count;
    state_->head_dim = head_dim;
    state_->capacity = padded;
    // Lanes no token has filled yet take part in products whose results are thrown away; they must not be signalling.
    std::fill(state_->keys.data(), state_->keys.data() + key_elements, 0.0F);
    if (head_dim % kPanelWidth != 0) std::fill(state_->values.data(), state_->values.data() + value_elements, 0.0F);
    return KernelStatus::ok;
}

void KeyValuePanels::append(const float* k, std::int64_t key_stride, const float* v, std::int64_t value_stride,
                            std::int64_t count) {
    place(*state_, k, key_stride, v, value_stride, count);
}
void KeyValuePanels::append(const std::uint16_t* k, std::int64_t key_stride, const std::uint16_t* v,
                            std::int64_t value_stride, std::int64_t count) {
    place(*state_, k, key_stride, v, value_stride, count);
}

void KeyValuePanels::truncate(std::int64_t length) {
    state_->length = std::min(state_->length, std::max<std::int64_t>(0, length));
}

std::int64_t KeyValuePanels::length() const {
    return state_->length;
}
std::int64_t KeyValuePanels::capacity() const {
    return state_->capacity;
}

}  // namespace quantoscope::kernels
