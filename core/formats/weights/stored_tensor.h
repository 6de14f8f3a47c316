// A tensor as it lies in a file, and the weight source made of many of them: the common ground of safetensors and GGUF.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/formats/memory_map.h"
#include "core/model/weight_source.h"
#include "core/tensor/dtype.h"

namespace quantoscope {

struct StoredTensor {
    std::string name;  ///< as stored
    DType dtype = DType::f32;
    std::vector<std::int64_t> shape;  ///< Hugging Face order
    std::shared_ptr<const MemoryMap> map;
    std::uint64_t offset = 0;  ///< in the file
    std::uint64_t byte_count = 0;
    /// Above 0: rows lie in adjacent-pair order (GGUF q and k) for this many heads and are put back on reading.
    std::int64_t paired_heads = 0;

    std::int64_t elementCount() const;
    /// Rows and columns when taken as a matrix; one row when it has fewer than two dimensions.
    std::int64_t rows() const;
    std::int64_t columns() const;
    std::span<const std::byte> bytes() const {
        return map->bytes().subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(byte_count));
    }
};

/// Hugging Face row -> row in the file: within each head of `head_dim` rows, h*D + c*D/2 + p lies at h*D + 2p + c.
std::int64_t pairedRow(std::int64_t row, std::int64_t head_dim);

/// Rows as float32, in parallel when there are many. `values` holds count * columns() floats.
Status readStoredRows(const StoredTensor& tensor, std::int64_t first, std::int64_t count, WeightDType dtype,
                      std::span<float> values);
/// Elements [first, first + values.size()) in stored order, without the mapping (a shortened file is an error, not a
/// crash).
Status readStoredElements(const StoredTensor& tensor, std::uint64_t first, std::span<float> values);

/// By canonical Hugging Face name.
using StoredTensors = std::map<std::string, StoredTensor, std::less<>>;

/// Weights of `config` from stored tensors; an error names the first tensor that is missing or has another shape. A
/// head that the config ties to the embedding is left out.
Result<std::shared_ptr<const WeightSource>> weightsFromStored(const ModelConfig& config, StoredTensors tensors,
                                                              WeightDType dtype, const std::filesystem::path& where);

/// The check alone: what `weightsFromStored` would complain about.
Status checkAgainstConfig(const ModelConfig& config, const StoredTensors& tensors, const std::filesystem::path& where);

}  // namespace quantoscope
