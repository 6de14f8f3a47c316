#include "core/model/model_config.h"

namespace quantoscope {
namespace {

struct RoleRow {
    std::string_view name;
    std::string_view short_name;
    InputSite site;
};
constexpr std::array<RoleRow, 7> kRoles{{
    {"self_attn.q_proj", "q", InputSite::attention_input},
    {"self_attn.k_proj", "k", InputSite::attention_input},
    {"self_attn.v_proj", "v", InputSite::attention_input},
    {"self_attn.o_proj", "o", InputSite::attention_output},
    {"mlp.gate_proj", "gate", InputSite::mlp_input},
    {"mlp.up_proj", "up", InputSite::mlp_input},
    {"mlp.down_proj", "down", InputSite::mlp_hidden},
}};
const RoleRow& row(LinearRole role) {
    return kRoles[static_cast<std::size_t>(role)];
}

std::string blockPrefix(std::int64_t block) {
    return "model.layers." + std::to_string(block) + ".";
}

}  // namespace

InputSite inputSite(LinearRole role) {
    return row(role).site;
}
std::string_view linearName(LinearRole role) {
    return row(role).name;
}
std::string_view linearShortName(LinearRole role) {
    return row(role).short_name;
}
std::string linearPath(std::int64_t block, LinearRole role) {
    return blockPrefix(block) + std::string(row(role).name);
}
std::string inputNormName(std::int64_t block) {
    return blockPrefix(block) + "input_layernorm.weight";
}
std::string postAttentionNormName(std::int64_t block) {
    return blockPrefix(block) + "post_attention_layernorm.weight";
}

std::int64_t linearRows(const ModelConfig& config, LinearRole role) {
    switch (role) {
        case LinearRole::q_proj:
            return config.head_count * config.head_dim;
        case LinearRole::k_proj:
        case LinearRole::v_proj:
            return config.kv_head_count * config.head_dim;
        case LinearRole::gate_proj:
        case LinearRole::up_proj:
            return config.intermediate_size;
        case LinearRole::o_proj:
        case LinearRole::down_proj:
            return config.hidden_size;
    }
    return 0;
}

std::int64_t siteColumns(const ModelConfig& config, InputSite site) {
    switch (site) {
        case InputSite::attention_input:
        case InputSite::mlp_input:
            return config.hidden_size;
        case InputSite::attention_output:
            return config.head_count * config.head_dim;
        case InputSite::mlp_hidden:
            return config.intermediate_size;
    }
    return 0;
}

std::int64_t linearColumns(const ModelConfig& config, LinearRole role) {
    return siteColumns(config, inputSite(role));
}

std::vector<ExpectedTensor> expectedTensors(const ModelConfig& config) {
    std::vector<ExpectedTensor> tensors;
    tensors.push_back({"model.embed_tokens.weight", {config.vocab_size, config.hidden_size}});
    for (std::int64_t block = 0; block < config.block_count; ++block) {
        tensors.push_back({inputNormName(block), {config.hidden_size}});
        for (const auto role : kLinearRoles)
            tensors.push_back(
                {linearPath(block, role) + ".weight", {linearRows(config, role), linearColumns(config, role)}});
        tensors.push_back({postAttentionNormName(block), {config.hidden_size}});
    }
    tensors.push_back({"model.norm.weight", {config.hidden_size}});
    if (!config.tie_word_embeddings) tensors.push_back({"lm_head.weight", {config.vocab_size, config.hidden_size}});
    return tensors;
}

}  // namespace quantoscope
