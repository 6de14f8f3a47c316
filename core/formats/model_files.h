// Opening a model from whatever a person points at: headers only, nothing is loaded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/weight_source.h"
#include "core/tensor/dtype.h"

namespace quantoscope {

struct TensorInfo {
    std::string name;  ///< as stored in the file
    DType dtype = DType::f32;
    std::vector<std::int64_t> shape;  ///< Hugging Face order: outputs first
    std::uint64_t bytes = 0;
    std::string file;  ///< file name (shard) it lives in
};

/// Everything known from headers.
class ModelFiles {
public:
    virtual ~ModelFiles() = default;
    /// Accepts a Hugging Face folder, a hub-cache `models--org--name` folder or snapshot, a GGUF file, one .safetensors
    /// file, and checkpoints quantized by others (GPTQ, AWQ). Checks config.json first, then the index, then the
    /// shards, and reports the first thing that is wrong.
    static Result<std::shared_ptr<const ModelFiles>> open(const std::filesystem::path& model);

    virtual const std::filesystem::path& path() const = 0;  ///< as resolved (a snapshot folder, a file)
    virtual std::string formatLabel() const = 0;            ///< "Hugging Face folder, 4 shards", "GGUF v3"
    virtual const std::vector<TensorInfo>& tensors() const = 0;
    virtual std::int64_t parameterCount() const = 0;  ///< tied weights counted once
    virtual std::uint64_t totalBytes() const = 0;
    virtual const std::vector<std::string>& warnings() const = 0;
    /// config.json's text (made from the keys for a GGUF file).
    virtual std::string configJson() const = 0;
    /// SHA-256 over config, names, types, shapes, sizes and a few bytes of every tensor: changes when the model does,
    /// not when it is moved or cut into other shards. Reads at most some kilobytes per tensor.
    virtual std::string fingerprint() const = 0;
    /// Config, or an error when the folder holds none (a lone .safetensors file).
    virtual Result<ModelConfig> config() const = 0;
    /// Weights for computing; fails when tensors that the config calls for are missing or have other shapes.
    virtual Result<std::shared_ptr<const WeightSource>> weights(WeightDType dtype) const = 0;
    /// Elements [first, first + values.size()) of any stored tensor (vision tensors and lone files too) in stored
    /// order, whole blocks only; `tensor` indexes tensors().
    virtual Status readStored(std::size_t tensor, std::uint64_t first, std::span<float> values) const = 0;
};

/// Do its types say that the weights were rounded before (blocks of a GGUF file, codes of GPTQ or AWQ)? Results are
/// then measured against rounded weights.
bool isLossySource(const ModelFiles& model);

/// The config of a config.json text; `where` is named in errors.
Result<ModelConfig> parseModelConfig(const std::string& json_text, const std::filesystem::path& where);

}  // namespace quantoscope
