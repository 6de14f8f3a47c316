#include "tests/support/sparse_model.h"

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace quantoscope::test {
namespace {

using Json = nlohmann::ordered_json;
using Shapes = std::vector<std::pair<std::string, std::vector<std::uint64_t>>>;

constexpr std::uint64_t kHidden = 8192;
constexpr std::uint64_t kMlp = 28672;
constexpr std::uint64_t kKeyValue = 1024;
constexpr std::uint64_t kVocabulary = 128256;
constexpr int kBlocks = 80;
constexpr std::size_t kShards = 30;

Shapes shapes() {
    Shapes all{{"model.embed_tokens.weight", {kVocabulary, kHidden}},
               {"model.norm.weight", {kHidden}},
               {"lm_head.weight", {kVocabulary, kHidden}}};
    for (int block = 0; block < kBlocks; ++block) {
        const std::string prefix = "model.layers." + std::to_string(block) + ".";
        const Shapes own{{"self_attn.q_proj", {kHidden, kHidden}},   {"self_attn.k_proj", {kKeyValue, kHidden}},
                         {"self_attn.v_proj", {kKeyValue, kHidden}}, {"self_attn.o_proj", {kHidden, kHidden}},
                         {"mlp.gate_proj", {kMlp, kHidden}},         {"mlp.up_proj", {kMlp, kHidden}},
                         {"mlp.down_proj", {kHidden, kMlp}},         {"input_layernorm", {kHidden}},
                         {"post_attention_layernorm", {kHidden}}};
        for (const auto& [name, shape] : own) all.emplace_back(prefix + name + ".weight", shape);
    }
    return all;
}

Status writeText(const std::filesystem::path& path, const std::string& text, std::uint64_t hole_bytes = 0) {
    {
        std::ofstream file(path, std::ios::binary);
        file.write(text.data(), static_cast<std::streamsize>(text.size()));
        if (!file) return failure("a test file cannot be written", path.string());
    }
    std::error_code error;
    if (hole_bytes > 0) std::filesystem::resize_file(path, text.size() + hole_bytes, error);
    return error ? Status(failure("a sparse file cannot be made", path.string(), error.message())) : Status{};
}

std::string headerText(const Json& header) {
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    std::string length(8, '\0');
    for (std::size_t i = 0; i < length.size(); ++i) length[i] = static_cast<char>(text.size() >> (8 * i) & 0xFF);
    return length + text;
}

}  // namespace

Status writeSparse70b(const std::filesystem::path& folder) {
    const auto all = shapes();
    Json index{{"metadata", Json::object()}, {"weight_map", Json::object()}};
    for (std::size_t shard = 0; shard < kShards; ++shard) {
        std::array<char, 64> name{};
        std::snprintf(name.data(), name.size(), "model-%05zu-of-%05zu.safetensors", shard + 1, kShards);
        Json header{{"__metadata__", {{"format", "pt"}}}};
        std::uint64_t offset = 0;
        for (std::size_t i = shard; i < all.size(); i += kShards) {
            std::uint64_t bytes = 2;
            for (const auto size : all[i].second) bytes *= size;
            header[all[i].first] = {
                {"dtype", "BF16"}, {"shape", all[i].second}, {"data_offsets", {offset, offset + bytes}}};
            index["weight_map"][all[i].first] = name.data();
            offset += bytes;
        }
        QS_TRY(writeText(folder / name.data(), headerText(header), offset));
    }
    QS_TRY(writeText(folder / "model.safetensors.index.json", index.dump()));
    const Json config{{"architectures", {"LlamaForCausalLM"}},
                      {"model_type", "llama"},
                      {"hidden_size", kHidden},
                      {"intermediate_size", kMlp},
                      {"num_attention_heads", 64},
                      {"num_key_value_heads", 8},
                      {"num_hidden_layers", kBlocks},
                      {"vocab_size", kVocabulary},
                      {"rms_norm_eps", 1e-5},
                      {"rope_theta", 500000.0},
                      {"max_position_embeddings", 8192},
                      {"torch_dtype", "bfloat16"},
                      {"tie_word_embeddings", false},
                      {"hidden_act", "silu"}};
    return writeText(folder / "config.json", config.dump());
}

}  // namespace quantoscope::test
