// What a LLaMA-architecture model is, read from config.json or GGUF keys and checked.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quantoscope {

enum class RopeScalingKind { none, linear, llama3 };

struct RopeScaling {
    RopeScalingKind kind = RopeScalingKind::none;
    double factor = 1.0;
    double low_freq_factor = 1.0;
    double high_freq_factor = 4.0;
    std::int64_t original_max_position_embeddings = 0;
    std::vector<float> frequency_divisors;  ///< GGUF rope_freqs.weight, head_dim / 2 values, empty when absent
};

struct ModelConfig {
    std::string architecture;  ///< "llama" or "llava_next"
    std::int64_t hidden_size = 0;
    std::int64_t intermediate_size = 0;
    std::int64_t block_count = 0;
    std::int64_t head_count = 0;
    std::int64_t kv_head_count = 0;
    std::int64_t head_dim = 0;
    std::int64_t vocab_size = 0;
    std::int64_t context_length = 0;
    double rms_norm_eps = 1e-5;
    double rope_theta = 10000.0;
    RopeScaling rope_scaling;
    bool tie_word_embeddings = false;
    std::int64_t bos_token_id = -1;  ///< -1: none
    std::vector<std::int64_t> eos_token_ids;
};

/// The seven quantizable linears of a block, in the order tables and heatmaps show them.
enum class LinearRole : std::uint8_t { q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj };
inline constexpr std::array<LinearRole, 7> kLinearRoles{
    LinearRole::q_proj,    LinearRole::k_proj,  LinearRole::v_proj,   LinearRole::o_proj,
    LinearRole::gate_proj, LinearRole::up_proj, LinearRole::down_proj};

/// The four distinct inputs of those linears, in the order a block computes them.
enum class InputSite : std::uint8_t {
    attention_input,   ///< output of input_layernorm: q, k, v
    attention_output,  ///< heads concatenated: o
    mlp_input,         ///< output of post_attention_layernorm: gate, up
    mlp_hidden,        ///< silu(gate) * up: down
};
inline constexpr std::array<InputSite, 4> kInputSites{InputSite::attention_input, InputSite::attention_output,
                                                      InputSite::mlp_input, InputSite::mlp_hidden};

InputSite inputSite(LinearRole role);
/// "self_attn.q_proj", ..., "mlp.down_proj"
std::string_view linearName(LinearRole role);
/// "q", "k", "v", "o", "gate", "up", "down"
std::string_view linearShortName(LinearRole role);
/// "model.layers.12.mlp.down_proj" (no ".weight")
std::string linearPath(std::int64_t block, LinearRole role);
/// "model.layers.12.input_layernorm.weight"
std::string inputNormName(std::int64_t block);
std::string postAttentionNormName(std::int64_t block);
/// Rows (outputs) and columns (inputs) of a linear.
std::int64_t linearRows(const ModelConfig& config, LinearRole role);
std::int64_t linearColumns(const ModelConfig& config, LinearRole role);
std::int64_t siteColumns(const ModelConfig& config, InputSite site);

/// Every weight of the text model with its shape, HF names, in file order (embedding, blocks, norm, head unless tied).
struct ExpectedTensor {
    std::string name;
    std::vector<std::int64_t> shape;
};
std::vector<ExpectedTensor> expectedTensors(const ModelConfig& config);

}  // namespace quantoscope
