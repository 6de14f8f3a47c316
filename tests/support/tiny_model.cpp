#include "tests/support/tiny_model.h"

#include <cmath>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "core/formats/safetensors_writer.h"
#include "core/model/model_config.h"

namespace quantoscope::test {
namespace {

/// The character that stands for a byte in byte-level vocabularies, as UTF-8.
std::string byteCharacter(int byte) {
    const auto printable = [](int b) { return (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE; };
    int code = byte;
    if (!printable(byte)) {
        code = 0x100;
        for (int b = 0; b < byte; ++b) code += printable(b) ? 0 : 1;
    }
    if (code < 0x80) return std::string(1, static_cast<char>(code));
    return {static_cast<char>(0xC0 | (code >> 6)), static_cast<char>(0x80 | (code & 0x3F))};
}

std::string tokenizerJson() {
    nlohmann::ordered_json vocabulary = nlohmann::ordered_json::object();
    for (int byte = 0; byte < 256; ++byte) vocabulary[byteCharacter(byte)] = byte;
    const nlohmann::ordered_json digits{{"type", "Digits"}, {"individual_digits", true}};
    const nlohmann::ordered_json level{
        {"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", true}};
    const nlohmann::ordered_json tokenizer{
        {"version", "1.0"},
        {"truncation", nullptr},
        {"padding", nullptr},
        {"added_tokens", nlohmann::ordered_json::array()},
        {"normalizer", nullptr},
        {"pre_tokenizer", {{"type", "Sequence"}, {"pretokenizers", {digits, level}}}},
        {"post_processor", nullptr},
        {"decoder", {{"type", "ByteLevel"}, {"add_prefix_space", true}, {"trim_offsets", true}, {"use_regex", true}}},
        {"model",
         {{"type", "BPE"},
          {"dropout", nullptr},
          {"unk_token", nullptr},
          {"continuing_subword_prefix", nullptr},
          {"end_of_word_suffix", nullptr},
          {"fuse_unk", false},
          {"byte_fallback", false},
          {"vocab", vocabulary},
          {"merges", nlohmann::ordered_json::array()}}}};
    return tokenizer.dump();
}

std::string configJson(const TinyModelShape& shape) {
    return nlohmann::ordered_json{{"architectures", {"LlamaForCausalLM"}},
                                  {"model_type", "llama"},
                                  {"hidden_size", shape.hidden_size},
                                  {"intermediate_size", shape.intermediate_size},
                                  {"num_hidden_layers", shape.block_count},
                                  {"num_attention_heads", shape.head_count},
                                  {"num_key_value_heads", shape.kv_head_count},
                                  {"vocab_size", 256},
                                  {"rms_norm_eps", 1e-5},
                                  {"rope_theta", 10000.0},
                                  {"max_position_embeddings", 4096},
                                  {"hidden_act", "silu"},
                                  {"tie_word_embeddings", false},
                                  {"torch_dtype", "bfloat16"},
                                  {"bos_token_id", nullptr},
                                  {"eos_token_id", 0}}
        .dump(2);
}

std::uint16_t toBfloat16(float value) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof(bits));
    return static_cast<std::uint16_t>((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

/// Deterministic on every library: a hand-made near-normal from the generator's raw output.
float nearNormal(std::mt19937& random) {
    float sum = 0.0F;
    for (int i = 0; i < 4; ++i) sum += static_cast<float>(random()) / 4294967296.0F;
    return (sum - 2.0F) * 1.7F;
}

std::vector<std::byte> randomValues(const ExpectedTensor& tensor, std::uint32_t seed) {
    std::mt19937 random(seed);
    std::size_t count = 1;
    for (const auto dimension : tensor.shape) count *= static_cast<std::size_t>(dimension);
    const bool is_norm = tensor.shape.size() == 1;
    const float spread = is_norm ? 0.1F : 1.0F / std::sqrt(static_cast<float>(tensor.shape.back()));
    std::vector<std::byte> bytes(count * 2);
    for (std::size_t i = 0; i < count; ++i) {
        const auto value = toBfloat16((is_norm ? 1.0F : 0.0F) + spread * nearNormal(random));
        std::memcpy(bytes.data() + 2 * i, &value, 2);
    }
    return bytes;
}

bool writeText(const std::filesystem::path& file, const std::string& text) {
    std::ofstream stream(file, std::ios::binary);
    stream << text;
    return stream.good();
}

}  // namespace

Status writeTinyModel(const std::filesystem::path& folder, const TinyModelShape& shape) {
    std::filesystem::create_directories(folder);
    ModelConfig config;
    config.hidden_size = shape.hidden_size;
    config.intermediate_size = shape.intermediate_size;
    config.block_count = shape.block_count;
    config.head_count = shape.head_count;
    config.kv_head_count = shape.kv_head_count;
    config.head_dim = shape.hidden_size / shape.head_count;
    config.vocab_size = 256;
    std::vector<TensorToWrite> tensors;
    std::uint32_t seed = shape.seed * 1000;
    for (const auto& expected : expectedTensors(config))
        tensors.push_back({expected.name, DType::bf16, expected.shape,
                           [expected, own_seed = ++seed]() -> Result<std::vector<std::byte>> {
                               return randomValues(expected, own_seed);
                           }});
    if (!writeText(folder / "config.json", configJson(shape)) || !writeText(folder / "tokenizer.json", tokenizerJson()))
        return failure("the tiny model could not be written", folder.string());
    return writeSafetensors(folder / "model.safetensors", std::move(tensors), {}, JobContext());
}

Status writePseudoText(const std::filesystem::path& file, std::size_t bytes, std::uint32_t seed) {
    std::mt19937 random(seed);
    std::string text;
    while (text.size() < bytes) {
        for (std::uint32_t letters = 2 + random() % 7; letters > 0; --letters)
            text += static_cast<char>('a' + random() % 26);
        text += random() % 11 == 0 ? ".\n" : " ";
    }
    return writeText(file, text) ? Status{} : failure("the text could not be written", file.string());
}

}  // namespace quantoscope::test
