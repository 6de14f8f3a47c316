#include "core/formats/folder/tensor_names.h"

#include <algorithm>
#include <array>
#include <utility>

namespace quantoscope {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::array kVisionPrefixes{std::string_view("vision_tower."),
                                     std::string_view("multi_modal_projector."),
                                     std::string_view("image_newline"),
                                     std::string_view("model.vision_tower."),
                                     std::string_view("model.multi_modal_projector."),
                                     std::string_view("model.image_newline"),
                                     std::string_view("model.mm_projector."),
                                     std::string_view("vision_model.")};
constexpr std::array kTextPrefixes{Pair{"language_model.model.", "model."}, Pair{"language_model.lm_head.", "lm_head."},
                                   Pair{"model.language_model.", "model."}};
constexpr std::array kGgufTop{Pair{"token_embd", "model.embed_tokens"}, Pair{"output_norm", "model.norm"},
                              Pair{"output", "lm_head"}};
constexpr std::array kGgufBlock{Pair{"attn_norm", "input_layernorm"},    Pair{"attn_q", "self_attn.q_proj"},
                                Pair{"attn_k", "self_attn.k_proj"},      Pair{"attn_v", "self_attn.v_proj"},
                                Pair{"attn_output", "self_attn.o_proj"}, Pair{"ffn_norm", "post_attention_layernorm"},
                                Pair{"ffn_gate", "mlp.gate_proj"},       Pair{"ffn_up", "mlp.up_proj"},
                                Pair{"ffn_down", "mlp.down_proj"}};

template <typename Table>
std::string_view lookUp(const Table& table, std::string_view key) {
    const auto* found = std::ranges::find(table, key, &Pair::first);
    return found == table.end() ? std::string_view() : found->second;
}

bool isNumber(std::string_view text) {
    return !text.empty() && text.size() <= 6 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string canonicalTensorName(std::string_view stored) {
    for (const auto& [prefix, replacement] : kTextPrefixes)
        if (stored.starts_with(prefix)) return std::string(replacement) + std::string(stored.substr(prefix.size()));
    return std::string(stored);
}

bool isVisionTensor(std::string_view stored) {
    return std::ranges::any_of(kVisionPrefixes, [&](std::string_view prefix) { return stored.starts_with(prefix); });
}

bool isLegacyBuffer(std::string_view stored) {
    return stored.ends_with(".rotary_emb.inv_freq") || stored.ends_with(".position_ids");
}

std::optional<std::string> hfNameOfGguf(std::string_view gguf) {
    const auto dot = gguf.rfind('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto suffix = std::string(gguf.substr(dot));
    auto stem = gguf.substr(0, dot);
    if (suffix != ".weight" && suffix != ".bias") return std::nullopt;
    if (const auto top = lookUp(kGgufTop, stem); !top.empty()) return std::string(top) + suffix;
    if (!stem.starts_with("blk.")) return std::nullopt;
    stem.remove_prefix(4);
    const auto middle = stem.find('.');
    if (middle == std::string_view::npos || !isNumber(stem.substr(0, middle))) return std::nullopt;
    const auto part = lookUp(kGgufBlock, stem.substr(middle + 1));
    if (part.empty()) return std::nullopt;
    return "model.layers." + std::string(stem.substr(0, middle)) + "." + std::string(part) + suffix;
}

}  // namespace quantoscope
