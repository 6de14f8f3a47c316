// Reads a GGUF file (version 2 or 3): keys and tensor list checked by every rule of the container, data mapped.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"
#include "core/formats/memory_map.h"
#include "core/tensor/dtype.h"

namespace quantoscope {

enum class GgufType : std::uint32_t { u8, i8, u16, i16, u32, i32, f32, boolean, text, array, u64, i64, f64 };

class GgufFile {
public:
    struct Tensor {
        std::string name;
        DType dtype = DType::f32;
        std::vector<std::int64_t> shape;  ///< Hugging Face order: the reverse of the file's
        std::uint64_t offset = 0;         ///< from the start of the file
        std::uint64_t bytes = 0;
    };
    static Result<std::shared_ptr<const GgufFile>> open(const std::filesystem::path& path);

    std::uint32_t version() const { return version_; }
    const std::vector<Tensor>& tensors() const { return tensors_; }  ///< in declaration order
    const std::shared_ptr<const MemoryMap>& map() const { return map_; }
    /// Everything before the tensor data: for fingerprints.
    std::span<const std::byte> headerBytes() const { return header_; }
    std::vector<std::string> keys() const;  ///< sorted

    bool has(std::string_view key) const { return find(key) != nullptr; }
    std::optional<GgufType> type(std::string_view key) const;
    /// A value of that kind (integers of any width, both float widths), or nothing when absent or of another kind.
    std::optional<std::int64_t> integer(std::string_view key) const;  ///< u64 above 2^63 - 1 gives nothing
    std::optional<double> real(std::string_view key) const;  ///< float32 values: the shortest decimal that means them
    std::optional<bool> boolean(std::string_view key) const;
    std::optional<std::string> text(std::string_view key) const;
    /// Arrays are decoded when asked for; an error when absent or of another kind.
    Result<std::vector<std::string>> textArray(std::string_view key) const;
    Result<std::vector<std::int64_t>> integerArray(std::string_view key) const;
    Result<std::vector<double>> realArray(std::string_view key) const;

private:
    friend class GgufParser;
    struct Value {
        GgufType type = GgufType::u8;
        GgufType element = GgufType::u8;  ///< of arrays
        std::uint64_t count = 0;          ///< of arrays: elements; of texts: bytes
        std::size_t begin = 0;            ///< of the payload in header_
    };
    const Value* find(std::string_view key) const;
    Result<const Value*> findArray(std::string_view key) const;

    std::shared_ptr<const MemoryMap> map_;
    std::uint32_t version_ = 0;
    std::vector<std::byte> header_;
    std::unordered_map<std::string, Value> values_;
    std::vector<Tensor> tensors_;
};

/// Bytes of a scalar of that type; 0 for texts and arrays.
std::size_t ggufScalarBytes(GgufType type);
/// The type behind ggml's number, when we know it.
std::optional<DType> dtypeOfGgml(std::uint32_t type);

}  // namespace quantoscope
