#include "core/formats/exports/export_model.h"

namespace quantoscope::exports {

Result<std::shared_ptr<ExportModel>> ExportModel::open(const ExportSource& source, BlockCheck check) {
    if (!source.model) return failure("the model that was quantized is not open, so nothing can be exported");
    QS_ASSIGN(const auto config, source.model->config());
    if (config.architecture != "llama")
        return failure(
            "exports write text models; the architecture '" + config.architecture + "' has more parts than that",
            source.model->path().string());
    for (const auto& tensor : source.model->tensors())
        if (tensor.name.ends_with("_proj.bias"))
            return failure("'" + tensor.name + "' is a bias, which this export would lose",
                           source.model->path().string());
    QS_ASSIGN(auto weights, source.model->weights(source.weight_dtype));
    return std::shared_ptr<ExportModel>(new ExportModel(source, std::move(weights), std::move(check)));
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

std::vector<DenseTensor> denseTensors(const ModelConfig& config) {
    std::vector<DenseTensor> tensors{{"model.embed_tokens.weight", {config.vocab_size, config.hidden_size}, {}}};
    for (std::int64_t block = 0; block < config.block_count; ++block) {
        tensors.push_back({inputNormName(block), {config.hidden_size}, block});
        tensors.push_back({postAttentionNormName(block), {config.hidden_size}, block});
    }
    tensors.push_back({"model.norm.weight", {config.hidden_size}, {}});
    if (!config.tie_word_embeddings) tensors.push_back({"lm_head.weight", {config.vocab_size, config.hidden_size}, {}});
    return tensors;
}

}  // namespace quantoscope::exports
