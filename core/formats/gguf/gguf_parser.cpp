#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <unordered_set>

#include "core/base/utf8.h"
#include "core/formats/gguf/gguf_file.h"
#include "core/formats/strict_json.h"

namespace quantoscope {
namespace {

constexpr std::size_t kMaxHeaderBytes = std::size_t{256} << 20;
constexpr std::size_t kChunkBytes = std::size_t{1} << 20;
constexpr std::uint64_t kMaxTensorNameBytes = 63;
constexpr std::uint64_t kMaxKeyBytes = 65535;
constexpr std::uint64_t kSmallestKey = 8 + 4 + 1;         // empty name, type, one byte
constexpr std::uint64_t kSmallestTensor = 8 + 4 + 4 + 8;  // empty name, no dimensions

struct GgmlType {
    std::uint32_t number;
    DType dtype;
};
constexpr std::array kGgmlTypes{GgmlType{0, DType::f32},      GgmlType{1, DType::f16},     GgmlType{2, DType::q4_0},
                                GgmlType{3, DType::q4_1},     GgmlType{6, DType::q5_0},    GgmlType{7, DType::q5_1},
                                GgmlType{8, DType::q8_0},     GgmlType{10, DType::q2_k},   GgmlType{11, DType::q3_k},
                                GgmlType{12, DType::q4_k},    GgmlType{13, DType::q5_k},   GgmlType{14, DType::q6_k},
                                GgmlType{16, DType::iq2_xxs}, GgmlType{17, DType::iq2_xs}, GgmlType{18, DType::iq3_xxs},
                                GgmlType{19, DType::iq1_s},   GgmlType{20, DType::iq4_nl}, GgmlType{21, DType::iq3_s},
                                GgmlType{22, DType::iq2_s},   GgmlType{23, DType::iq4_xs}, GgmlType{24, DType::i8},
                                GgmlType{25, DType::i16},     GgmlType{26, DType::i32},    GgmlType{27, DType::i64},
                                GgmlType{28, DType::f64},     GgmlType{29, DType::iq1_m},  GgmlType{30, DType::bf16},
                                GgmlType{34, DType::tq1_0},   GgmlType{35, DType::tq2_0}};
/// Numbers that ggml once used and removed.
bool wasRemoved(std::uint32_t type) {
    return type == 4 || type == 5 || (type >= 31 && type <= 33) || (type >= 36 && type <= 38);
}

}  // namespace

std::optional<DType> dtypeOfGgml(std::uint32_t type) {
    const auto* found = std::ranges::find(kGgmlTypes, type, &GgmlType::number);
    return found == kGgmlTypes.end() ? std::nullopt : std::optional(found->dtype);
}

/// Reads the header through calls (never through the mapping) into memory that grows with what is really there.
class GgufParser {
public:
    explicit GgufParser(std::shared_ptr<const MemoryMap> map) : file_(new GgufFile), name_(quotedName(map->path())) {
        file_->map_ = std::move(map);
    }
    Result<std::shared_ptr<const GgufFile>> parse() {
        QS_TRY(readMagic());
        QS_ASSIGN(const auto tensor_count, number<std::uint64_t>("the tensor count"));
        QS_ASSIGN(const auto key_count, number<std::uint64_t>("the key count"));
        if (tensor_count > remaining() / kSmallestTensor)
            return refused("the tensor count " + std::to_string(tensor_count) + " is larger than the file can hold");
        if (key_count > remaining() / kSmallestKey)
            return refused("the key count " + std::to_string(key_count) + " is larger than the file can hold");
        for (std::uint64_t i = 0; i < key_count; ++i) QS_TRY(readKey());
        QS_TRY(readAlignment());
        for (std::uint64_t i = 0; i < tensor_count; ++i) QS_TRY(readTensor());
        QS_TRY(placeTensors());
        file_->header_.resize(position_);
        file_->header_.shrink_to_fit();
        return std::shared_ptr<const GgufFile>(std::move(file_));
    }

private:
    std::unexpected<Error> refused(const std::string& problem) const {
        return failure(name_ + ": " + problem, file_->map_->path().string());
    }
    std::uint64_t remaining() const { return file_->map_->size() - position_; }

    /// Makes sure that the next `count` bytes are in memory.
    Status need(std::uint64_t count, const std::string& what) {
        if (count > remaining()) return refused(what + " runs past the end of the file: incomplete download");
        const auto end = position_ + static_cast<std::size_t>(count);
        auto& header = file_->header_;
        if (end <= header.size()) return {};
        if (end > kMaxHeaderBytes)
            return refused("keys and tensor list take more than 256 MiB, which no real file does");
        const auto had = header.size();
        const auto wanted = std::max(end, had + std::max(kChunkBytes, had / 2));
        header.resize(static_cast<std::size_t>(std::min<std::uint64_t>(file_->map_->size(), wanted)));
        return file_->map_->readAt(had, std::span(header).subspan(had));
    }
    const std::byte* here() const { return file_->header_.data() + position_; }

    template <typename Number>
    Result<Number> number(const std::string& what) {
        QS_TRY(need(sizeof(Number), what));
        Number value{};
        std::memcpy(&value, here(), sizeof value);
        position_ += sizeof value;
        return value;
    }
    Result<std::string> text(const std::string& what, std::uint64_t limit) {
        QS_ASSIGN(const auto length, number<std::uint64_t>(what));
        if (length > remaining()) return refused(what + ": the string runs past the end of the file");
        if (length > limit)
            return refused(what + " is too long: " + std::to_string(length) + " bytes, the limit is " +
                           std::to_string(limit));
        QS_TRY(need(length, what));
        std::string value(reinterpret_cast<const char*>(here()), static_cast<std::size_t>(length));
        position_ += static_cast<std::size_t>(length);
        if (firstInvalidUtf8(value)) return refused(what + " is not UTF-8");
        return value;
    }

    Status readMagic() {
        if (file_->map_->size() < 8)
            return refused("not a GGUF file: it has " + std::to_string(file_->map_->size()) +
                           " bytes, magic and version alone need 8");
        QS_ASSIGN(const auto magic, number<std::uint32_t>("the magic"));
        if (magic != 0x46554747U) return wrongMagic(magic);
        QS_ASSIGN(file_->version_, number<std::uint32_t>("the version"));
        const auto version = file_->version_;
        if (version != 0 && (version & 0xffffU) == 0)
            return refused("big-endian GGUF is not supported: convert it on a little-endian machine");
        if (version == 2 || version == 3) return {};
        return refused("GGUF version " + std::to_string(version) + " is not supported (2 and 3 are)");
    }
    Status wrongMagic(std::uint32_t magic) const {
        constexpr std::array<std::uint32_t, 4> kOld{0x67676d6cU, 0x67676d66U, 0x67676a74U, 0x4c4d4747U};
        if (std::ranges::find(kOld, magic) != kOld.end())
            return refused("not a GGUF file but an old GGML file: convert it again from the original weights");
        return refused("not a GGUF file: it does not start with the letters GGUF");
    }

    Status readKey() {
        QS_ASSIGN(auto key, text("a key name", kMaxKeyBytes));
        const auto shown = "key '" + excerpt(key) + "'";
        QS_ASSIGN(const auto type, number<std::uint32_t>(shown));
        GgufFile::Value value;
        QS_ASSIGN(value.type, valueType(type, shown));
        QS_TRY(readPayload(value, shown));
        if (!file_->values_.emplace(std::move(key), value).second) return refused(shown + " appears twice");
        return {};
    }
    Result<GgufType> valueType(std::uint32_t type, const std::string& shown) const {
        if (type > static_cast<std::uint32_t>(GgufType::f64))
            return refused(shown + ": unknown value type " + std::to_string(type));
        return static_cast<GgufType>(type);
    }
    Status readPayload(GgufFile::Value& value, const std::string& shown) {
        if (value.type == GgufType::text) return readText(value, shown);
        if (value.type == GgufType::array) return readArray(value, shown);
        value.begin = position_;
        QS_TRY(need(ggufScalarBytes(value.type), shown));
        position_ += ggufScalarBytes(value.type);
        return {};
    }
    Status readText(GgufFile::Value& value, const std::string& shown) {
        QS_ASSIGN(value.count, number<std::uint64_t>(shown));
        if (value.count > remaining()) return refused(shown + ": the string runs past the end of the file");
        QS_TRY(need(value.count, shown));
        value.begin = position_;
        position_ += static_cast<std::size_t>(value.count);
        return {};
    }
    Status readArray(GgufFile::Value& value, const std::string& shown) {
        QS_ASSIGN(const auto type, number<std::uint32_t>(shown));
        QS_ASSIGN(value.element, valueType(type, shown));
        if (value.element == GgufType::array) return refused(shown + ": nested arrays are not supported");
        QS_ASSIGN(value.count, number<std::uint64_t>(shown));
        const std::uint64_t smallest = value.element == GgufType::text ? 8 : ggufScalarBytes(value.element);
        if (value.count > remaining() / smallest)
            return refused(shown + ": the array of " + std::to_string(value.count) +
                           " entries is larger than the file");
        value.begin = position_;
        if (value.element != GgufType::text) {
            QS_TRY(need(value.count * smallest, shown));
            position_ += static_cast<std::size_t>(value.count * smallest);
            return {};
        }
        for (std::uint64_t i = 0; i < value.count; ++i) {
            QS_ASSIGN(const auto length, number<std::uint64_t>(shown));
            QS_TRY(need(length, shown));
            position_ += static_cast<std::size_t>(length);
        }
        return {};
    }

    Status readAlignment() {
        if (!file_->has("general.alignment")) return {};
        const auto alignment = file_->integer("general.alignment");
        if (!alignment) return refused("general.alignment must be an unsigned integer");
        if (*alignment <= 0 || !std::has_single_bit(static_cast<std::uint64_t>(*alignment)) || *alignment > (1 << 20))
            return refused("general.alignment must be a power of two, found " + std::to_string(*alignment));
        alignment_ = static_cast<std::uint64_t>(*alignment);
        return {};
    }

    Status readTensor() {
        GgufFile::Tensor tensor;
        QS_ASSIGN(tensor.name, text("a tensor name", kMaxTensorNameBytes));
        const auto shown = "tensor '" + excerpt(tensor.name) + "'";
        QS_ASSIGN(const auto rank, number<std::uint32_t>(shown));
        if (rank > 4) return refused(shown + " has " + std::to_string(rank) + " dimensions, more than 4");
        std::uint64_t elements = 1;
        for (std::uint32_t i = 0; i < rank; ++i) {
            QS_ASSIGN(const auto dimension, number<std::int64_t>(shown));
            if (dimension <= 0)
                return refused(shown + ": dimension " + std::to_string(dimension) + " must be positive");
            if (__builtin_mul_overflow(elements, static_cast<std::uint64_t>(dimension), &elements))
                return refused(shown + ": the element count overflows 64 bits");
            tensor.shape.push_back(dimension);
        }
        QS_ASSIGN(const auto type, number<std::uint32_t>(shown));
        QS_ASSIGN(tensor.offset, number<std::uint64_t>(shown));
        QS_TRY(setType(tensor, type, elements, shown));
        std::ranges::reverse(tensor.shape);
        if (!names_.insert(tensor.name).second)
            return refused("tensor name '" + excerpt(tensor.name) + "' appears twice");
        file_->tensors_.push_back(std::move(tensor));
        return {};
    }
    /// Type and byte count; `shape` is still in the file's order, rows first.
    Status setType(GgufFile::Tensor& tensor, std::uint32_t type, std::uint64_t elements,
                   const std::string& shown) const {
        const auto dtype = dtypeOfGgml(type);
        if (!dtype && wasRemoved(type))
            return refused(shown + ": type " + std::to_string(type) + " was removed from GGUF and is not supported");
        if (!dtype) return refused(shown + ": unknown type " + std::to_string(type));
        const auto& row = traits(*dtype);
        const auto row_length = tensor.shape.empty() ? std::int64_t{1} : tensor.shape.front();
        if (row_length % row.block_elements != 0)
            return refused(shown + ": row length " + std::to_string(row_length) + " is not a multiple of " +
                           std::to_string(row.block_elements) + ", the block of " + std::string(row.name));
        std::uint64_t bits = 0;
        if (__builtin_mul_overflow(elements / row.block_elements, std::uint64_t{row.block_bits}, &bits))
            return refused(shown + ": the byte size overflows 64 bits");
        tensor.dtype = *dtype;
        tensor.bytes = bits / 8;
        return {};
    }

    /// Offsets count from here on: inside the file, aligned, disjoint.
    Status placeTensors() {
        const std::uint64_t data = (position_ + alignment_ - 1) / alignment_ * alignment_;
        const std::uint64_t room = file_->map_->size() > data ? file_->map_->size() - data : 0;
        for (auto& tensor : file_->tensors_) {
            const auto shown = "tensor '" + excerpt(tensor.name) + "'";
            if (tensor.offset % alignment_ != 0)
                return refused(shown + ": offset " + std::to_string(tensor.offset) + " is not a multiple of " +
                               std::to_string(alignment_));
            if (tensor.offset >= room)
                return refused(shown + " lies outside the file: incomplete download or damaged offset");
            if (tensor.bytes > room - tensor.offset)
                return refused(shown + " ends past the file, it needs " + std::to_string(tensor.bytes) + " bytes and " +
                               std::to_string(room - tensor.offset) + " are there: incomplete download");
            tensor.offset += data;
        }
        return checkDisjoint();
    }
    Status checkDisjoint() const {
        std::vector<const GgufFile::Tensor*> order;
        for (const auto& tensor : file_->tensors_) order.push_back(&tensor);
        std::ranges::stable_sort(order, {}, [](const auto* tensor) { return tensor->offset; });
        for (std::size_t i = 1; i < order.size(); ++i)
            if (order[i - 1]->offset + order[i - 1]->bytes > order[i]->offset)
                return refused("tensors '" + excerpt(order[i - 1]->name) + "' and '" + excerpt(order[i]->name) +
                               "' overlap");
        return {};
    }

    std::shared_ptr<GgufFile> file_;
    std::string name_;
    std::size_t position_ = 0;
    std::uint64_t alignment_ = 32;
    std::unordered_set<std::string> names_;
};

Result<std::shared_ptr<const GgufFile>> GgufFile::open(const std::filesystem::path& path) {
    QS_ASSIGN(auto map, MemoryMap::open(path));
    try {
        return GgufParser(std::move(map)).parse();
    } catch (const std::exception& error) {
        return failure(quotedName(path) + ": the header could not be held in memory", path.string(), error.what());
    }
}

}  // namespace quantoscope
