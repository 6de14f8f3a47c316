#include "core/formats/gguf/gguf_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "core/formats/strict_json.h"

namespace quantoscope {
namespace {

template <typename Number>
Number load(const std::byte* bytes) {
    Number value{};
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

/// 1e-05 was written as a float32; as a double it should be 1e-05 again, not 9.99999974737875e-06.
double shortestDouble(float value) {
    std::array<char, 32> text{};
    const auto written = std::to_chars(text.data(), text.data() + text.size(), value);
    double result = value;
    std::from_chars(text.data(), written.ptr, result);
    return result;
}

std::optional<std::int64_t> integerAt(GgufType type, const std::byte* bytes) {
    switch (type) {
        case GgufType::u8:
            return load<std::uint8_t>(bytes);
        case GgufType::i8:
            return load<std::int8_t>(bytes);
        case GgufType::u16:
            return load<std::uint16_t>(bytes);
        case GgufType::i16:
            return load<std::int16_t>(bytes);
        case GgufType::u32:
            return load<std::uint32_t>(bytes);
        case GgufType::i32:
            return load<std::int32_t>(bytes);
        case GgufType::i64:
            return load<std::int64_t>(bytes);
        case GgufType::u64: {
            const auto value = load<std::uint64_t>(bytes);
            if (value >> 63 != 0) return std::nullopt;
            return static_cast<std::int64_t>(value);
        }
        default:
            return std::nullopt;
    }
}

std::optional<double> realAt(GgufType type, const std::byte* bytes) {
    if (type == GgufType::f32) return shortestDouble(load<float>(bytes));
    if (type == GgufType::f64) return load<double>(bytes);
    return std::nullopt;
}

}  // namespace

std::size_t ggufScalarBytes(GgufType type) {
    constexpr std::array<std::size_t, 13> kBytes{1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    return kBytes[static_cast<std::size_t>(type)];
}

std::vector<std::string> GgufFile::keys() const {
    std::vector<std::string> names;
    for (const auto& [key, value] : values_) names.push_back(key);
    std::ranges::sort(names);
    return names;
}

const GgufFile::Value* GgufFile::find(std::string_view key) const {
    const auto found = values_.find(std::string(key));
    return found == values_.end() ? nullptr : &found->second;
}

std::optional<GgufType> GgufFile::type(std::string_view key) const {
    const auto* value = find(key);
    return value == nullptr ? std::nullopt : std::optional(value->type);
}

std::optional<std::int64_t> GgufFile::integer(std::string_view key) const {
    const auto* value = find(key);
    return value == nullptr ? std::nullopt : integerAt(value->type, header_.data() + value->begin);
}

std::optional<double> GgufFile::real(std::string_view key) const {
    const auto* value = find(key);
    return value == nullptr ? std::nullopt : realAt(value->type, header_.data() + value->begin);
}

std::optional<bool> GgufFile::boolean(std::string_view key) const {
    const auto* value = find(key);
    if (value == nullptr || value->type != GgufType::boolean) return std::nullopt;
    return std::to_integer<int>(header_[value->begin]) != 0;
}

std::optional<std::string> GgufFile::text(std::string_view key) const {
    const auto* value = find(key);
    if (value == nullptr || value->type != GgufType::text) return std::nullopt;
    return std::string(reinterpret_cast<const char*>(header_.data()) + value->begin,
                       static_cast<std::size_t>(value->count));
}

Result<const GgufFile::Value*> GgufFile::findArray(std::string_view key) const {
    const auto* value = find(key);
    const auto where = map_->path().string();
    if (value == nullptr) return failure(quotedName(map_->path()) + " has no key '" + excerpt(key) + "'", where);
    if (value->type != GgufType::array) return failure("key '" + excerpt(key) + "' must be an array", where);
    return value;
}

Result<std::vector<std::string>> GgufFile::textArray(std::string_view key) const {
    QS_ASSIGN(const auto* value, findArray(key));
    if (value->element != GgufType::text)
        return failure("key '" + excerpt(key) + "' must be an array of texts", map_->path().string());
    std::vector<std::string> texts;
    texts.reserve(static_cast<std::size_t>(value->count));
    std::size_t position = value->begin;
    for (std::uint64_t i = 0; i < value->count; ++i) {
        const auto length = static_cast<std::size_t>(load<std::uint64_t>(header_.data() + position));
        texts.emplace_back(reinterpret_cast<const char*>(header_.data()) + position + 8, length);
        position += 8 + length;
    }
    return texts;
}

Result<std::vector<std::int64_t>> GgufFile::integerArray(std::string_view key) const {
    QS_ASSIGN(const auto* value, findArray(key));
    std::vector<std::int64_t> numbers;
    for (std::uint64_t i = 0; i < value->count; ++i) {
        const auto number =
            integerAt(value->element, header_.data() + value->begin + i * ggufScalarBytes(value->element));
        if (!number) return failure("key '" + excerpt(key) + "' must be an array of integers", map_->path().string());
        numbers.push_back(*number);
    }
    return numbers;
}

Result<std::vector<double>> GgufFile::realArray(std::string_view key) const {
    QS_ASSIGN(const auto* value, findArray(key));
    std::vector<double> numbers;
    for (std::uint64_t i = 0; i < value->count; ++i) {
        const auto number = realAt(value->element, header_.data() + value->begin + i * ggufScalarBytes(value->element));
        if (!number) return failure("key '" + excerpt(key) + "' must be an array of numbers", map_->path().string());
        numbers.push_back(*number);
    }
    return numbers;
}

}  // namespace quantoscope
