#include "core/formats/exports/export_model.h"

#include <algorithm>
#include <utility>

#include "core/formats/folder/tensor_names.h"

namespace quantoscope::exports {

Result<std::shared_ptr<ExportModel>> ExportModel::open(const ExportSource& source, BlockCheck check) {
    if (!source.model) return failure("the model that was quantized is not open, so nothing can be exported");
    QS_ASSIGN(const auto config, source.model->config());
    if (config.architecture == "llava_next" && !hasVision(*source.model))
        return failure(
            "the checkpoint lacks the vision tower that its config.json calls for, so no program could load an "
            "export of it",
            source.model->path().string());
    for (const auto& tensor : source.model->tensors())
        if (tensor.name.ends_with("_proj.bias") && !isVisionTensor(tensor.name))
            return failure("'" + tensor.name + "' is a bias, which this export would lose",
                           source.model->path().string());
    QS_ASSIGN(auto weights, source.model->weights(source.weight_dtype));
    std::shared_ptr<ExportModel> model(new ExportModel(source, std::move(weights), std::move(check)));
    model->learnSpelling();
    return model;
}

void ExportModel::learnSpelling() {
    const auto prefix_in = [](const std::string& stored, std::string_view rest) {
        return stored.substr(0, stored.size() - rest.size());
    };
    for (const auto& tensor : source_.model->tensors()) {
        const auto name = canonicalTensorName(tensor.name);
        if (name == "model.norm.weight") body_prefix_ = prefix_in(tensor.name, "norm.weight");
        if (name == "lm_head.weight") head_prefix_ = prefix_in(tensor.name, "weight");
    }
}

std::string ExportModel::storedName(const std::string& name) const {
    if (isVisionTensor(name)) return name;
    for (const auto& [prefix, spelling] :
         {std::pair(std::string_view("model."), &body_prefix_), std::pair(std::string_view("lm_head."), &head_prefix_)})
        if (name.starts_with(prefix)) return *spelling + name.substr(prefix.size());
    return name;
}

Result<const QuantizedBlock*> ExportModel::block(std::int64_t index) {
    if (index == held_index_) return &held_;
    held_index_ = -1;
    held_ = {};  // let go of the old block before the new one is read
    QS_ASSIGN(held_, source_.block(index));
    if (check_) QS_TRY(check_(*this, held_, index));
    held_index_ = index;
    return &held_;
}

Result<const QuantizedTensor*> ExportModel::linear(std::int64_t block_index, LinearRole role) {
    QS_ASSIGN(const auto* quantized, block(block_index));
    const auto& tensor = quantized->linears[static_cast<std::size_t>(role)];
    if (!tensor) return failure("'" + linearPath(block_index, role) + "' was left unquantized");
    return &*tensor;
}

std::vector<DenseTensor> denseTensors(const ExportModel& model) {
    const auto& config = model.config();
    std::vector<DenseTensor> tensors{{"model.embed_tokens.weight", {config.vocab_size, config.hidden_size}, {}, {}}};
    for (std::int64_t block = 0; block < config.block_count; ++block) {
        tensors.push_back({inputNormName(block), {config.hidden_size}, block, {}});
        tensors.push_back({postAttentionNormName(block), {config.hidden_size}, block, {}});
    }
    tensors.push_back({"model.norm.weight", {config.hidden_size}, {}, {}});
    if (!config.tie_word_embeddings)
        tensors.push_back({"lm_head.weight", {config.vocab_size, config.hidden_size}, {}, {}});
    const auto& stored = model.source().model->tensors();
    for (std::size_t i = 0; i < stored.size(); ++i)
        if (isVisionTensor(stored[i].name) && !isLegacyBuffer(stored[i].name))
            tensors.push_back({stored[i].name, stored[i].shape, {}, i});
    return tensors;
}

bool hasVision(const ModelFiles& model) {
    return std::ranges::any_of(model.tensors(), [](const TensorInfo& tensor) { return isVisionTensor(tensor.name); });
}

}  // namespace quantoscope::exports
