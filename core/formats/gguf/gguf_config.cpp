#include "core/formats/gguf/gguf_config.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "core/formats/model_files.h"
#include "core/formats/safetensors_file.h"
#include "core/formats/strict_json.h"

namespace quantoscope {
namespace {

using Json = nlohmann::ordered_json;

const GgufFile::Tensor* findTensor(const GgufFile& file, std::string_view name) {
    const auto found = std::ranges::find(file.tensors(), name, &GgufFile::Tensor::name);
    return found == file.tensors().end() ? nullptr : &*found;
}

std::unexpected<Error> refused(const GgufFile& file, const std::string& problem) {
    return failure(quotedName(file.map()->path()) + ": " + problem, file.map()->path().string());
}

/// The keys in config.json's words, so that one set of rules checks both.
Result<Json> asConfigJson(const GgufFile& file) {
    Json json{{"architectures", {"LlamaForCausalLM"}}, {"model_type", "llama"}, {"hidden_act", "silu"}};
    const auto copy = [&](const char* key, const char* name, bool required) -> Status {
        const auto full = std::string("llama.") + key;
        if (const auto value = file.integer(full)) {
            json[name] = *value;
            return {};
        }
        if (!required && !file.has(full)) return {};
        return refused(file, "key '" + full + (file.has(full) ? "' must be an integer" : "' is missing"));
    };
    QS_TRY(copy("embedding_length", "hidden_size", true));
    QS_TRY(copy("feed_forward_length", "intermediate_size", true));
    QS_TRY(copy("block_count", "num_hidden_layers", true));
    QS_TRY(copy("attention.head_count", "num_attention_heads", true));
    QS_TRY(copy("attention.head_count_kv", "num_key_value_heads", false));
    QS_TRY(copy("attention.key_length", "head_dim", false));
    QS_TRY(copy("context_length", "max_position_embeddings", false));
    const auto* embedding = findTensor(file, "token_embd.weight");
    if (embedding != nullptr && embedding->shape.size() == 2)
        json["vocab_size"] = embedding->shape.front();
    else
        QS_TRY(copy("vocab_size", "vocab_size", true));
    return json;
}

Status addReals(const GgufFile& file, Json& json) {
    const auto eps = file.real("llama.attention.layer_norm_rms_epsilon");
    if (!eps) return refused(file, "key 'llama.attention.layer_norm_rms_epsilon' is missing");
    json["rms_norm_eps"] = *eps;
    json["rope_theta"] = file.real("llama.rope.freq_base").value_or(10000.0);
    json["tie_word_embeddings"] = findTensor(file, "output.weight") == nullptr;
    for (const char* name : {"bos", "eos"})
        if (const auto id = file.integer(std::string("tokenizer.ggml.") + name + "_token_id"))
            json[std::string(name) + "_token_id"] = *id;
    const auto scaling = file.text("llama.rope.scaling.type").value_or("none");
    const auto factor = file.real("llama.rope.scaling.factor");
    if (scaling != "none") json["rope_scaling"] = {{"rope_type", scaling}, {"factor", factor.value_or(1.0)}};
    return {};
}

/// Divisors that a LLaMA-3.1 converter wrote: recognised when the published parameters give the same numbers.
bool recogniseLlama3(ModelConfig& config, const std::vector<float>& divisors) {
    auto& scaling = config.rope_scaling;
    const auto before = scaling;
    scaling.kind = RopeScalingKind::llama3;
    scaling.factor = *std::ranges::max_element(divisors);
    scaling.low_freq_factor = 1.0;
    scaling.high_freq_factor = 4.0;
    scaling.original_max_position_embeddings = 8192;
    const auto expected = llama3Divisors(config);
    for (std::size_t i = 0; i < divisors.size(); ++i)
        if (std::abs(expected[i] - divisors[i]) > 1e-5 * expected[i]) {
            scaling = before;
            return false;
        }
    return true;
}

Status addDivisors(const GgufFile& file, ModelConfig& config, std::vector<std::string>& warnings) {
    const auto* tensor = findTensor(file, "rope_freqs.weight");
    if (tensor == nullptr) return {};
    const auto count = static_cast<std::size_t>(config.head_dim / 2);
    if (tensor->dtype != DType::f32 || tensor->shape != std::vector{config.head_dim / 2})
        return refused(file, "tensor 'rope_freqs.weight' must hold " + std::to_string(count) + " float32 values");
    std::vector<float> divisors(count);
    QS_TRY(file.map()->readAt(tensor->offset, std::as_writable_bytes(std::span(divisors))));
    if (std::ranges::any_of(divisors, [](float value) { return !std::isfinite(value) || value <= 0; }))
        return refused(file, "tensor 'rope_freqs.weight' holds values that are not positive numbers");
    if (recogniseLlama3(config, divisors)) return {};
    config.rope_scaling.frequency_divisors = std::move(divisors);
    warnings.emplace_back(
        "the rotary divisors of the file follow no published rule: they are used here, but a config.json cannot state "
        "them");
    return {};
}

std::string mainDtype(const GgufFile& file) {
    std::uint64_t half = 0;
    std::uint64_t full = 0;
    std::uint64_t total = 0;
    for (const auto& tensor : file.tensors()) {
        total += tensor.bytes;
        if (tensor.dtype == DType::f16) half += tensor.bytes;
        if (tensor.dtype == DType::f32) full += tensor.bytes;
    }
    if (2 * full > total) return "float32";
    return 2 * half > total ? "float16" : "bfloat16";
}

}  // namespace

std::vector<double> llama3Divisors(const ModelConfig& config) {
    const auto& scaling = config.rope_scaling;
    const auto context = static_cast<double>(scaling.original_max_position_embeddings);
    std::vector<double> divisors;
    for (std::int64_t i = 0; i < config.head_dim / 2; ++i) {
        const double exponent = 2.0 * static_cast<double>(i) / static_cast<double>(config.head_dim);
        const double wavelength = 2.0 * std::numbers::pi * std::pow(config.rope_theta, exponent);
        if (wavelength < context / scaling.high_freq_factor) {
            divisors.push_back(1.0);
        } else if (wavelength > context / scaling.low_freq_factor) {
            divisors.push_back(scaling.factor);
        } else {
            const double s =
                (context / wavelength - scaling.low_freq_factor) / (scaling.high_freq_factor - scaling.low_freq_factor);
            divisors.push_back(1.0 / ((1.0 - s) / scaling.factor + s));
        }
    }
    return divisors;
}

Result<ModelConfig> configFromGguf(const GgufFile& file, std::vector<std::string>& warnings) {
    QS_ASSIGN(auto json, asConfigJson(file));
    QS_TRY(addReals(file, json));
    QS_ASSIGN(auto config, parseModelConfig(json.dump(), file.map()->path()));
    const auto rotary = file.integer("llama.rope.dimension_count").value_or(config.head_dim);
    if (rotary != config.head_dim)
        return refused(file, "only " + std::to_string(rotary) + " of " + std::to_string(config.head_dim) +
                                 " dimensions of a head are rotated, which is not supported");
    QS_TRY(addDivisors(file, config, warnings));
    return config;
}

std::string configJsonFromGguf(const GgufFile& file, const ModelConfig& config) {
    Json json{{"architectures", {"LlamaForCausalLM"}},
              {"model_type", "llama"},
              {"attention_bias", false},
              {"mlp_bias", false},
              {"hidden_act", "silu"},
              {"hidden_size", config.hidden_size},
              {"intermediate_size", config.intermediate_size},
              {"num_hidden_layers", config.block_count},
              {"num_attention_heads", config.head_count},
              {"num_key_value_heads", config.kv_head_count},
              {"head_dim", config.head_dim},
              {"vocab_size", config.vocab_size},
              {"max_position_embeddings", config.context_length},
              {"rms_norm_eps", config.rms_norm_eps},
              {"rope_theta", config.rope_theta},
              {"rope_scaling", nullptr},
              {"tie_word_embeddings", config.tie_word_embeddings},
              {"torch_dtype", mainDtype(file)}};
    const auto& scaling = config.rope_scaling;
    if (scaling.kind == RopeScalingKind::linear)
        json["rope_scaling"] = {{"rope_type", "linear"}, {"type", "linear"}, {"factor", scaling.factor}};
    if (scaling.kind == RopeScalingKind::llama3)
        json["rope_scaling"] = {{"rope_type", "llama3"},
                                {"factor", scaling.factor},
                                {"low_freq_factor", scaling.low_freq_factor},
                                {"high_freq_factor", scaling.high_freq_factor},
                                {"original_max_position_embeddings", scaling.original_max_position_embeddings}};
    if (config.bos_token_id >= 0) json["bos_token_id"] = config.bos_token_id;
    if (!config.eos_token_ids.empty()) json["eos_token_id"] = config.eos_token_ids.front();
    if (const auto pad = file.integer("tokenizer.ggml.padding_token_id")) json["pad_token_id"] = *pad;
    return json.dump(2) + "\n";
}

}  // namespace quantoscope
