// Reads one safetensors file: memory-mapped, header checked before anything is believed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/tensor/dtype.h"

namespace quantoscope {

class MemoryMap;

class SafetensorsFile {
public:
    struct Entry {
        std::string name;
        DType dtype;
        std::vector<std::int64_t> shape;
        std::uint64_t begin;  ///< byte offsets in the data buffer
        std::uint64_t end;
    };
    /// Every rule of the format is checked (reference/formats/model-input.md 1.3); the error names the tensor.
    static Result<std::shared_ptr<const SafetensorsFile>> open(const std::filesystem::path& path);
    virtual ~SafetensorsFile() = default;

    virtual const std::vector<Entry>& entries() const = 0;  ///< in file order
    virtual const Entry* find(std::string_view name) const = 0;
    virtual const std::map<std::string, std::string>& metadata() const = 0;
    virtual std::span<const std::byte> bytes(
        const Entry& entry) const = 0;  ///< unaligned; valid while the file is open
    virtual const std::vector<std::string>& warnings() const = 0;
    /// The mapping behind `bytes`; its checkUnchanged() before a long read spares a crash when another program shortens
    /// the file.
    virtual const std::shared_ptr<const MemoryMap>& map() const = 0;
    /// Where the data buffer begins in the file.
    virtual std::uint64_t dataOffset() const = 0;
};

/// Elements [first, first + values.size()) of raw bytes of `dtype` (no alignment needed), as float32. GGUF block types:
/// whole blocks only.
Status convertToFloat(DType dtype, std::span<const std::byte> bytes, std::uint64_t first, std::span<float> values);

}  // namespace quantoscope
