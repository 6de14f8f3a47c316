#include <array>
#include <cmath>
#include <limits>

#include "core/formats/folder/config_fields.h"
#include "core/formats/model_files.h"
#include "core/formats/strict_json.h"

namespace quantoscope {
namespace {

using Json = nlohmann::json;

// Far above any published model, far below what would overflow a product of two of them.
constexpr std::int64_t kMaxWidth = 1 << 18;
constexpr std::int64_t kMaxBlocks = 4096;
constexpr std::int64_t kMaxHeads = 1 << 14;
constexpr std::int64_t kMaxVocabulary = 1 << 24;
constexpr std::int64_t kMaxPositions = std::int64_t{1} << 31;

/// What LlamaConfig assumes for keys that a nested text_config leaves out.
struct Defaults {
    std::int64_t hidden_size = 4096;
    std::int64_t intermediate_size = 11008;
    std::int64_t block_count = 32;
    std::int64_t head_count = 32;
    std::int64_t vocab_size = 32000;
};

Result<RopeScaling> llama3Scaling(const ConfigFields& rope, RopeScaling scaling, std::int64_t context_length) {
    QS_ASSIGN(scaling.low_freq_factor, rope.positiveReal("low_freq_factor"));
    QS_ASSIGN(scaling.high_freq_factor, rope.positiveReal("high_freq_factor"));
    QS_ASSIGN(scaling.original_max_position_embeddings,
              rope.positive("original_max_position_embeddings", kMaxPositions, context_length));
    if (scaling.high_freq_factor <= scaling.low_freq_factor)
        return rope.refused("'high_freq_factor' must be above 'low_freq_factor'");
    scaling.kind = RopeScalingKind::llama3;
    return scaling;
}

Result<RopeScaling> ropeScaling(const ConfigFields& rope, std::int64_t context_length) {
    RopeScaling scaling;
    QS_ASSIGN(const auto old_kind, rope.text("type", "default"));
    QS_ASSIGN(const auto kind, rope.text("rope_type", old_kind));
    if (kind == "default") return scaling;
    if (kind != "linear" && kind != "llama3")
        return rope.refused("rope scaling '" + excerpt(kind) + "' is not supported (default, linear and llama3 are)");
    QS_ASSIGN(scaling.factor, rope.positiveReal("factor"));
    if (scaling.factor < 1.0) return rope.refused("the rope scaling 'factor' must be 1 or more");
    if (kind == "llama3") return llama3Scaling(rope, scaling, context_length);
    scaling.kind = RopeScalingKind::linear;
    return scaling;
}

/// Old spelling: rope_theta beside rope_scaling. New spelling (transformers 5): both inside rope_parameters, which
/// wins.
Status readRope(const ConfigFields& fields, ModelConfig& config) {
    QS_ASSIGN(config.rope_theta, fields.positiveReal("rope_theta", 10000.0));
    QS_ASSIGN(const auto* parameters, fields.object("rope_parameters"));
    QS_ASSIGN(const auto* scaling, fields.object("rope_scaling"));
    if (parameters != nullptr) {
        const ConfigFields rope(*parameters, fields.where(), "rope_parameters");
        QS_ASSIGN(config.rope_theta, rope.positiveReal("rope_theta", config.rope_theta));
        QS_ASSIGN(config.rope_scaling, ropeScaling(rope, config.context_length));
    } else if (scaling != nullptr) {
        QS_ASSIGN(config.rope_scaling,
                  ropeScaling(ConfigFields(*scaling, fields.where(), "rope_scaling"), config.context_length));
    }
    return {};
}

Status checkHeads(const ConfigFields& fields, ModelConfig& config) {
    if (config.head_dim == 0) {
        if (config.hidden_size % config.head_count != 0)
            return fields.refused("hidden_size " + std::to_string(config.hidden_size) + " is not divisible by " +
                                  std::to_string(config.head_count) + " heads, and no head_dim is given");
        config.head_dim = config.hidden_size / config.head_count;
    }
    if (config.head_count % config.kv_head_count != 0)
        return fields.refused(std::to_string(config.head_count) + " heads cannot share " +
                              std::to_string(config.kv_head_count) +
                              " KV heads: the first must be a multiple of the second");
    if (config.head_dim % 2 != 0)
        return fields.refused("head_dim " + std::to_string(config.head_dim) +
                              " is odd, it must be even: rotary embedding turns pairs");
    return {};
}

Status readSizes(const ConfigFields& fields, const Defaults* defaults, ModelConfig& config) {
    const auto size = [&](const char* key, std::int64_t limit, std::int64_t Defaults::* fallback) {
        return defaults == nullptr ? fields.positive(key, limit) : fields.positive(key, limit, defaults->*fallback);
    };
    QS_ASSIGN(config.hidden_size, size("hidden_size", kMaxWidth, &Defaults::hidden_size));
    QS_ASSIGN(config.intermediate_size, size("intermediate_size", kMaxWidth, &Defaults::intermediate_size));
    QS_ASSIGN(config.block_count, size("num_hidden_layers", kMaxBlocks, &Defaults::block_count));
    QS_ASSIGN(config.head_count, size("num_attention_heads", kMaxHeads, &Defaults::head_count));
    QS_ASSIGN(config.vocab_size, size("vocab_size", kMaxVocabulary, &Defaults::vocab_size));
    QS_ASSIGN(config.kv_head_count, fields.positive("num_key_value_heads", kMaxHeads, config.head_count));
    QS_ASSIGN(config.context_length, fields.positive("max_position_embeddings", kMaxPositions, 2048));
    if (fields.has("head_dim")) {
        QS_ASSIGN(config.head_dim, fields.positive("head_dim", 1 << 14));
    }
    return checkHeads(fields, config);
}

Status readTokens(const ConfigFields& fields, ModelConfig& config) {
    QS_ASSIGN(const auto bos, fields.tokenIds("bos_token_id"));
    QS_ASSIGN(config.eos_token_ids, fields.tokenIds("eos_token_id"));
    config.bos_token_id = bos.empty() ? -1 : bos.front();
    return {};
}

Status refuseUnsupported(const ConfigFields& fields) {
    const auto activation = fields.text("hidden_act", "silu");
    if (!activation) return std::unexpected(activation.error());
    if (activation->compare("silu") != 0 && activation->compare("swish") != 0)
        return fields.refused("hidden_act '" + excerpt(*activation) + "' is not supported, LLaMA uses silu");
    for (const char* key : {"attention_bias", "mlp_bias"}) {
        QS_ASSIGN(const bool bias, fields.boolean(key, false));
        if (bias) return fields.refused(std::string("'") + key + "' is true: linears with a bias are not supported");
    }
    return {};
}

Result<ModelConfig> textModel(const ConfigFields& fields, const Defaults* defaults) {
    ModelConfig config;
    config.architecture = "llama";
    QS_TRY(readSizes(fields, defaults, config));
    QS_TRY(refuseUnsupported(fields));
    QS_ASSIGN(config.rms_norm_eps, fields.positiveReal("rms_norm_eps", 1e-6));
    QS_TRY(readRope(fields, config));
    QS_ASSIGN(config.tie_word_embeddings, fields.boolean("tie_word_embeddings", false));
    QS_TRY(readTokens(fields, config));
    return config;
}

enum class Family { llama, llava_next, llava_original };

Result<Family> family(const ConfigFields& fields) {
    QS_ASSIGN(const auto type, fields.text("model_type", ""));
    QS_ASSIGN(const auto architecture, fields.firstText("architectures"));
    if (architecture == "LlavaLlamaForCausalLM" || type == "llava_llama") return Family::llava_original;
    if (type == "llava_next" || architecture == "LlavaNextForConditionalGeneration") return Family::llava_next;
    if (type == "llama" || (type.empty() && (architecture == "LlamaForCausalLM" || architecture == "LLaMAForCausalLM")))
        return Family::llama;
    if (type.empty() && architecture.empty())
        return fields.refused("neither 'model_type' nor 'architectures' says what kind of model this is");
    return fields.refused("architecture '" + excerpt(type.empty() ? architecture : type) +
                          "' is not supported (llama, llava_next and llava_llama are)");
}

Result<ModelConfig> llavaNextText(const ConfigFields& fields) {
    static const Json empty = Json::object();
    QS_ASSIGN(const auto* text, fields.object("text_config"));
    const ConfigFields nested(text == nullptr ? empty : *text, fields.where(), "text_config");
    QS_ASSIGN(const auto type, nested.text("model_type", "llama"));
    if (type != "llama") return nested.refused("text model '" + excerpt(type) + "' is not supported (llama is)");
    const Defaults defaults;
    return textModel(nested, &defaults);
}

}  // namespace

Result<ModelConfig> parseModelConfig(const std::string& json_text, const std::filesystem::path& where) {
    QS_ASSIGN(const auto tree, parseStrictJson(json_text, where));
    if (!tree.is_object()) return failure(where.filename().string() + " must be a JSON object", where.string());
    const ConfigFields fields(tree, where, "");
    QS_ASSIGN(const auto kind, family(fields));
    if (kind == Family::llava_next) {
        QS_ASSIGN(auto config, llavaNextText(fields));
        config.architecture = "llava_next";
        return config;
    }
    QS_ASSIGN(auto config, textModel(fields, nullptr));
    if (kind == Family::llava_original) config.architecture = "llava_next";
    return config;
}

}  // namespace quantoscope
