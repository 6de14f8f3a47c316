#include "core/pipeline/run_weights.h"

#include <algorithm>
#include <charconv>

namespace quantoscope {

std::int64_t blockOfTensor(std::string_view name) {
    constexpr std::string_view prefix = "model.layers.";
    if (!name.starts_with(prefix)) return -1;
    name.remove_prefix(prefix.size());
    std::int64_t index = -1;
    const auto [rest, error] = std::from_chars(name.data(), name.data() + name.size(), index);
    return error == std::errc() && rest != name.data() + name.size() && *rest == '.' ? index : -1;
}

namespace {

const QuantizedTensor* linearOf(const QuantizedBlock& quantized, std::int64_t index, std::string_view name) {
    for (const auto role : kLinearRoles) {
        const auto& linear = quantized.linears[static_cast<std::size_t>(role)];
        if (linear && name == linearPath(index, role) + ".weight") return &*linear;
    }
    return nullptr;
}

}  // namespace

Result<std::shared_ptr<const QuantizedBlock>> RunWeights::block(std::int64_t index) const {
    const std::lock_guard lock(mutex_);
    if (cached_index_ != index) {
        QS_ASSIGN(auto codes, run_->codes(configuration_, index));
        cached_ = std::make_shared<const QuantizedBlock>(std::move(codes));
        cached_index_ = index;
    }
    return cached_;
}

Status RunWeights::read(std::string_view name, std::span<float> values) const {
    const auto index = blockOfTensor(name);
    if (index < 0) return original_->read(name, values);
    QS_ASSIGN(const auto quantized, block(index));
    if (const auto vector = quantized->vectors.find(std::string(name)); vector != quantized->vectors.end()) {
        if (vector->second.size() != values.size()) return doesNotFit(name);
        std::ranges::copy(vector->second, values.begin());
        return {};
    }
    const auto* linear = linearOf(*quantized, index, name);
    if (linear == nullptr) return original_->read(name, values);
    if (values.size() != static_cast<std::size_t>(linear->rows * linear->columns)) return doesNotFit(name);
    std::ranges::copy(linear->dequantize().values, values.begin());
    return {};
}

Status RunWeights::readRows(std::string_view name, std::int64_t first, std::int64_t count,
                            std::span<float> values) const {
    const auto index = blockOfTensor(name);
    if (index < 0) return original_->readRows(name, first, count, values);
    QS_ASSIGN(const auto quantized, block(index));
    const auto* linear = linearOf(*quantized, index, name);
    if (linear == nullptr) return original_->readRows(name, first, count, values);
    const bool fits = first >= 0 && count >= 0 && first <= linear->rows - count &&
                      values.size() == static_cast<std::size_t>(count * linear->columns);
    if (!fits) return doesNotFit(name);
    std::ranges::copy(linear->dequantizeRows(first, count).values, values.begin());
    return {};
}

std::unexpected<Error> RunWeights::doesNotFit(std::string_view name) const {
    return failure("'" + std::string(name) + "' of the run does not fit the model; was the model changed?",
                   run_->path().string());
}

}  // namespace quantoscope
