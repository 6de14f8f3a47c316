#include "core/formats/safetensors/header.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/base/utf8.h"
#include "core/formats/memory_map.h"
#include "core/formats/strict_json.h"

namespace quantoscope {
namespace {

using Json = nlohmann::json;
using Entry = SafetensorsFile::Entry;

// Limits that no real file comes near.
constexpr std::size_t kMaxNameBytes = 4096;
constexpr std::size_t kMaxRank = 8;
constexpr std::size_t kMaxTensors = 1'000'000;
constexpr std::size_t kMaxDepth = 4;

/// Collects tensors while the text is scanned; `problem` is the sentence about the first thing that is wrong.
class HeaderReader : public nlohmann::json_sax<Json> {
public:
    std::string problem;
    std::string cause;
    SafetensorsHeader header;

    bool null() override { return notExpected("null"); }
    bool boolean(bool) override { return notExpected("true or false"); }
    bool binary(Json::binary_t&) override { return false; }
    bool number_integer(std::int64_t value) override { return badNumber(std::to_string(value)); }
    bool number_float(double, const std::string& text) override { return badNumber(excerpt(text)); }
    bool number_unsigned(std::uint64_t value) override {
        if (list_ == List::none) return notExpected("a number");
        if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return badNumber(std::to_string(value));
        if (list_ == List::shape) {
            if (entry_.shape.size() == kMaxRank) return fail(tensor() + ": more than 8 dimensions");
            entry_.shape.push_back(static_cast<std::int64_t>(value));
            return true;
        }
        if (offset_count_ < 2) (offset_count_ == 0 ? entry_.begin : entry_.end) = value;
        ++offset_count_;
        return true;
    }
    bool string(std::string& text) override {
        if (in_metadata_ && depth_ == 2) return addMetadata(text);
        if (depth_ != 2 || field_ != Field::dtype) return notExpected("text");
        const auto type = safetensorsDType(text);
        if (!type) return fail(tensor() + ": unknown dtype '" + excerpt(text) + "'");
        entry_.dtype = *type;
        return true;
    }
    bool key(std::string& name) override {
        if (depth_ == 1) return topKey(name);
        if (in_metadata_) {
            key_ = name;
            return true;
        }
        return fieldKey(name);
    }
    bool start_object(std::size_t) override {
        if (++depth_ > kMaxDepth) return tooDeep();
        if (depth_ <= 2) return true;
        return in_metadata_ ? notExpected("an object") : fail(tensor() + ": an object stands where a value belongs");
    }
    bool end_object() override {
        --depth_;
        if (depth_ == 1 && !in_metadata_) return finishTensor();
        in_metadata_ = false;
        return true;
    }
    bool start_array(std::size_t) override {
        if (++depth_ > kMaxDepth) return tooDeep();
        if (depth_ == 1) return fail("the header must be a JSON object, not an array");
        if (nested_ || depth_ == 4) return nested_ = true;  // refused when it ends, or by depth
        if (depth_ != 3 || (field_ != Field::shape && field_ != Field::offsets)) return nested_ = true;
        list_ = field_ == Field::shape ? List::shape : List::offsets;
        return true;
    }
    bool end_array() override {
        if (nested_) return fail("the header holds a list where none belongs, near '" + excerpt(key_) + "'");
        --depth_;
        if (list_ == List::offsets && offset_count_ != 2)
            return fail(tensor() + ": data_offsets needs 2 entries, found " + std::to_string(offset_count_));
        list_ = List::none;
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
        cause = error.what();
        return fail("the header is not valid JSON: the error is at byte offset " + std::to_string(position));
    }

private:
    enum class Field : unsigned { none = 0, dtype = 1, shape = 2, offsets = 4 };
    enum class List { none, shape, offsets };

    bool fail(std::string text) {
        if (problem.empty()) problem = std::move(text);
        return false;
    }
    bool tooDeep() { return fail("the header nests deeper than 4 levels"); }
    std::string tensor() const { return "tensor '" + excerpt(entry_.name) + "'"; }
    bool notExpected(const std::string& what) {
        if (depth_ == 0) return fail("the header must be a JSON object, not " + what);
        if (in_metadata_) return fail("__metadata__ values must be strings: '" + excerpt(key_) + "' is " + what);
        if (depth_ == 1) return fail(tensor() + ": the entry must be an object, not " + what);
        return fail(tensor() + ": " + what + " stands where '" + excerpt(key_) + "' needs something else");
    }
    bool badNumber(const std::string& text) {
        if (list_ == List::shape) return fail(tensor() + ": a dimension must be a non-negative integer, found " + text);
        if (list_ == List::offsets)
            return fail(tensor() + ": an offset must be a plain non-negative integer, found " + text);
        return notExpected("a number");
    }
    bool topKey(const std::string& name) {
        if (name.size() > kMaxNameBytes) return fail("a tensor name is longer than 4096 bytes");
        if (header.entries.size() == kMaxTensors) return fail("the header lists more than 1,000,000 tensors");
        if (name == "__metadata__") {
            if (metadata_seen_) return fail("'__metadata__' appears twice in the header");
            return metadata_seen_ = in_metadata_ = true;
        }
        entry_ = {name, DType::f32, {}, 0, 0};
        seen_ = offset_count_ = 0;
        field_ = Field::none;
        return true;
    }
    bool fieldKey(const std::string& name) {
        key_ = name;
        field_ = name == "dtype"          ? Field::dtype
                 : name == "shape"        ? Field::shape
                 : name == "data_offsets" ? Field::offsets
                                          : Field::none;
        if (field_ == Field::none) return fail(tensor() + ": unexpected key '" + excerpt(name) + "'");
        if ((seen_ & static_cast<unsigned>(field_)) != 0) return fail(tensor() + ": key '" + name + "' appears twice");
        seen_ |= static_cast<unsigned>(field_);
        return true;
    }
    bool addMetadata(std::string& text) {
        if (header.metadata.emplace(key_, std::move(text)).second) return true;
        return fail("__metadata__ key '" + excerpt(key_) + "' appears twice");
    }
    bool finishTensor() {
        if (seen_ != 7) {
            const auto* missing = (seen_ & 1U) == 0 ? "dtype" : (seen_ & 2U) == 0 ? "shape" : "data_offsets";
            return fail(tensor() + ": '" + missing + "' is missing");
        }
        header.entries.push_back(std::move(entry_));
        return true;
    }

    Entry entry_;
    std::string key_;
    std::size_t depth_ = 0;
    std::size_t offset_count_ = 0;
    unsigned seen_ = 0;
    Field field_ = Field::none;
    List list_ = List::none;
    bool in_metadata_ = false;
    bool metadata_seen_ = false;
    bool nested_ = false;
};

/// Bytes that the shape needs, or what is wrong with it.
Result<std::uint64_t> bytesOfShape(const Entry& entry) {
    const auto name = "tensor '" + excerpt(entry.name) + "'";
    std::uint64_t elements = 1;
    for (const auto dimension : entry.shape)
        if (__builtin_mul_overflow(elements, static_cast<std::uint64_t>(dimension), &elements))
            return failure(name + ": the element count overflows 64 bits");
    std::uint64_t bits = 0;
    if (__builtin_mul_overflow(elements, std::uint64_t{traits(entry.dtype).block_bits}, &bits))
        return failure(name + ": the byte size overflows 64 bits");
    if (bits % 8 != 0) return failure(name + ": " + std::to_string(bits) + " bits is not a whole number of bytes");
    return bits / 8;
}

Status checkEntry(const Entry& entry, std::uint64_t data_bytes) {
    const auto name = "tensor '" + excerpt(entry.name) + "'";
    QS_ASSIGN(const auto needed, bytesOfShape(entry));
    if (entry.begin > entry.end) return failure(name + ": its offsets are reversed (begin is after end)");
    if (entry.end > data_bytes)
        return failure(name + " ends past the file, at byte " + std::to_string(entry.end) + " of " +
                       std::to_string(data_bytes) + " bytes of data: incomplete download");
    if (entry.end - entry.begin != needed)
        return failure(name + ": its shape needs " + std::to_string(needed) + " bytes, its offsets give " +
                       std::to_string(entry.end - entry.begin));
    return {};
}

Status checkNames(const std::vector<Entry>& entries) {
    std::vector<const std::string*> names;
    names.reserve(entries.size());
    for (const auto& entry : entries) names.push_back(&entry.name);
    std::ranges::sort(names, {}, [](const auto* name) -> const std::string& { return *name; });
    for (std::size_t i = 1; i < names.size(); ++i)
        if (*names[i] == *names[i - 1]) return failure("tensor name '" + excerpt(*names[i]) + "' appears twice");
    return {};
}

/// `entries` are sorted by position: no overlap, no hole, nothing after the last.
Status checkCoverage(const std::vector<Entry>& entries, std::uint64_t data_bytes) {
    std::uint64_t position = 0;
    const Entry* previous = nullptr;
    for (const auto& entry : entries) {
        if (entry.begin < position)
            return failure("tensors '" + excerpt(previous->name) + "' and '" + excerpt(entry.name) +
                           "' overlap in the data");
        if (entry.begin > position)
            return failure(std::to_string(entry.begin - position) + " unclaimed bytes lie before tensor '" +
                           excerpt(entry.name) + "'");
        position = entry.end;
        previous = &entry;
    }
    if (position != data_bytes)
        return failure(std::to_string(data_bytes - position) + " unclaimed bytes follow the last tensor");
    return {};
}

Status checkHeader(SafetensorsHeader& header, std::uint64_t data_bytes) {
    QS_TRY(checkNames(header.entries));
    for (const auto& entry : header.entries) QS_TRY(checkEntry(entry, data_bytes));
    std::ranges::stable_sort(header.entries, {}, [](const Entry& entry) { return std::pair(entry.begin, entry.end); });
    return checkCoverage(header.entries, data_bytes);
}

}  // namespace

Result<SafetensorsHeader> parseSafetensorsHeader(std::string_view json, std::uint64_t data_bytes,
                                                 const std::filesystem::path& where) {
    const auto refused = [&](const std::string& problem, const std::string& cause = {}) {
        return failure(quotedName(where) + ": " + problem, where.string(), cause);
    };
    if (json.empty()) return refused("the header is empty, a JSON object belongs there");
    if (const auto bad = firstInvalidUtf8(json))
        return refused("the header is not UTF-8 at byte offset " + std::to_string(*bad));
    if (json.front() == '[') return refused("the header must be a JSON object, not an array");
    if (json.front() != '{') return refused("the header must start with '{'");
    const auto end = json.find_last_not_of(' ');
    if (json[end] != '}')
        return refused("the header is not valid JSON: it stops early, at byte offset " + std::to_string(end));
    try {
        HeaderReader reader;
        if (!Json::sax_parse(json.begin(), json.begin() + static_cast<std::ptrdiff_t>(end) + 1, &reader))
            return refused(reader.problem, reader.cause);
        if (auto status = checkHeader(reader.header, data_bytes); !status) return refused(status.error().message);
        return std::move(reader.header);
    } catch (const std::exception& error) {
        return refused("the header could not be read", error.what());
    }
}

}  // namespace quantoscope
