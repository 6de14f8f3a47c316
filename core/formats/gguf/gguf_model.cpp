#include "core/formats/folder/tensor_names.h"
#include "core/formats/gguf/gguf_config.h"
#include "core/formats/strict_json.h"
#include "core/formats/weights/stored_model.h"

namespace quantoscope {
namespace {

class GgufModel : public StoredModel {
public:
    explicit GgufModel(std::shared_ptr<const GgufFile> file)
        : StoredModel(file->map()->path()), file_(std::move(file)) {}

    Status prepare() {
        const auto architecture = file_->text("general.architecture");
        if (!architecture)
            return failure(quotedName(path_) +
                               ": key 'general.architecture' is missing, the file does not say what model it holds",
                           path_.string());
        if (*architecture != "llama")
            return failure(
                quotedName(path_) + ": architecture '" + excerpt(*architecture) + "' is not supported (llama is)",
                path_.string());
        label_ = "GGUF v" + std::to_string(file_->version());
        config_ = configFromGguf(*file_, warnings_);
        if (config_)
            config_json_ = configJsonFromGguf(*file_, *config_);
        else
            warnings_.push_back(config_.error().message);
        addTensors();
        compareWithConfig();
        scanSmallModel();
        return {};
    }
    Result<std::shared_ptr<const WeightSource>> weights(WeightDType dtype) const override {
        if (!config_) return std::unexpected(config_.error());
        return weightsFromStored(*config_, byCanonicalName(), dtype, path_);
    }

protected:
    std::string canonicalName(const std::string& stored) const override {
        return hfNameOfGguf(stored).value_or(stored);
    }

private:
    void addTensors() {
        bool lossy = false;
        for (const auto& tensor : file_->tensors()) {
            lossy = lossy || traits(tensor.dtype).block_elements > 1;
            add({tensor.name, tensor.dtype, tensor.shape, file_->map(), tensor.offset, tensor.bytes,
                 pairedHeads(tensor)});
        }
        if (lossy)
            warnings_.emplace_back(
                "the file was quantized before: results are measured against its rounded weights, not the original "
                "ones");
    }
    /// Heads by which the rows of a q or k projection are interleaved.
    std::int64_t pairedHeads(const GgufFile::Tensor& tensor) const {
        if (!config_ || tensor.shape.empty()) return 0;
        const auto heads = tensor.name.ends_with(".attn_q.weight")   ? config_->head_count
                           : tensor.name.ends_with(".attn_k.weight") ? config_->kv_head_count
                                                                     : 0;
        return heads > 0 && tensor.shape.front() == heads * config_->head_dim ? heads : 0;
    }
    std::shared_ptr<const GgufFile> file_;
};

}  // namespace

Result<std::shared_ptr<const ModelFiles>> openGguf(const std::filesystem::path& file) {
    QS_ASSIGN(auto gguf, GgufFile::open(file));
    auto model = std::make_shared<GgufModel>(std::move(gguf));
    QS_TRY(model->prepare());
    return model;
}

}  // namespace quantoscope
