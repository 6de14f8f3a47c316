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
        if (vector->second.size() != values.size())
            return failure("'" + std::string(name) + "' of the run does not fit the model; was the model changed?", run_->path().string());
        std::ranges::copy(vector->second, values.begin());
        return {};
    }
    for (const auto role : kLinearRoles) {
        const auto& linear = quantized->linears[static_cast<std::size_t>(role)];
        if (!linear || name != linearPath(index, role) + ".weight") continue;
        const Matrix weight = linear->dequantize();
        if (weight.values.size() != values.size())
            return failure("'" + std::string(name) + "' of the run does not fit the model; was the model changed?", run_->path().string());
        std::ranges::copy(weight.values, values.begin());
        return {};
    }
    return original_->read(name, values);
}

Status RunWeights::readRows(std::string_view name, std::int64_t first, std::int64_t count, std::span<float> values) const {
    if (blockOfTensor(name) < 0) return original_->readRows(name, first, count, values);
    QS_ASSIGN(const auto matrix, readMatrix(name));
    if (first < 0 || count < 0 || first + count > matrix.rows) return failure("rows outside of '" + std::string(name) + "' were asked for");
    std::copy_n(matrix.values.begin() + first * matrix.columns, count * matrix.columns, values.begin());
    return {};
}

}  // namespace quantoscope
