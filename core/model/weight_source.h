// Where a forward pass, a method or an exporter gets weights from, whatever the file behind it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/model_config.h"
#include "core/tensor/matrix.h"

namespace quantoscope {

/// How stored values are taken: as the file holds them, or rounded to bfloat16 first (what most people run).
enum class WeightDType { source, bfloat16 };

class WeightSource {
public:
    virtual ~WeightSource() = default;
    virtual const ModelConfig& config() const = 0;
    virtual bool has(std::string_view name) const = 0;
    /// Shape of a tensor by its Hugging Face name ("model.layers.0.mlp.up_proj.weight", rows = outputs).
    virtual Result<std::vector<std::int64_t>> shape(std::string_view name) const = 0;
    /// The whole tensor as float32, row-major, in Hugging Face row order (GGUF q/k rows are put back). Thread-safe.
    virtual Status read(std::string_view name, std::span<float> values) const = 0;
    /// Rows [first, first + count) of a matrix: the embedding lookup and streamed head read a few rows only.
    virtual Status readRows(std::string_view name, std::int64_t first, std::int64_t count,
                            std::span<float> values) const = 0;

    /// Reads a whole matrix, checking that it has two dimensions.
    Result<Matrix> readMatrix(std::string_view name) const;
    Result<std::vector<float>> readVector(std::string_view name) const;
};

}  // namespace quantoscope
