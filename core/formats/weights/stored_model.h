// What every opened model shares: the tensor list, sizes, fingerprint and raw reading. Folders and GGUF add the rest.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/formats/model_files.h"
#include "core/formats/weights/stored_tensor.h"

namespace quantoscope {

class StoredModel : public ModelFiles {
public:
    const std::filesystem::path& path() const override { return path_; }
    std::string formatLabel() const override { return label_; }
    const std::vector<TensorInfo>& tensors() const override { return infos_; }
    std::int64_t parameterCount() const override;
    std::uint64_t totalBytes() const override;
    const std::vector<std::string>& warnings() const override { return warnings_; }
    std::string configJson() const override { return config_json_; }
    std::string fingerprint() const override;
    Result<ModelConfig> config() const override { return config_; }
    Status readStored(std::size_t tensor, std::uint64_t first, std::span<float> values) const override;

protected:
    explicit StoredModel(std::filesystem::path path) : path_(std::move(path)) {}
    void add(StoredTensor tensor);
    /// Adds a warning per tensor with non-finite values, when there is little to read.
    void scanSmallModel();
    /// Name by which the text model knows a stored tensor.
    virtual std::string canonicalName(const std::string& stored) const = 0;
    /// By canonical name; a tensor that two spellings name counts once.
    StoredTensors byCanonicalName() const;
    /// Warnings about tensors that the config calls for and the file lacks, and about tensors that it does not call
    /// for.
    void compareWithConfig();

    std::filesystem::path path_;
    std::string label_;
    std::vector<StoredTensor> stored_;
    std::vector<TensorInfo> infos_;
    std::vector<std::string> warnings_;
    std::string config_json_;
    Result<ModelConfig> config_ = failure("the model holds no config");
    bool quantized_checkpoint_ = false;  ///< packed codes by others: names differ from the config's
};

/// The openers behind ModelFiles::open, by what the path turned out to be.
Result<std::shared_ptr<const ModelFiles>> openFolder(const std::filesystem::path& folder,
                                                     std::vector<std::string> warnings);
Result<std::shared_ptr<const ModelFiles>> openSafetensors(const std::filesystem::path& file);
Result<std::shared_ptr<const ModelFiles>> openGguf(const std::filesystem::path& file);

}  // namespace quantoscope
