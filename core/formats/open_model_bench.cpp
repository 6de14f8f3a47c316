// How long it takes to open a 70B-shaped checkpoint: 30 shards with real headers over holes, no disk used. Goal: 200
// ms.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/formats/model_files.h"

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
constexpr std::size_t kShards = 30;

quantoscope::ModelConfig shape() {
    quantoscope::ModelConfig config;
    config.hidden_size = 8192, config.intermediate_size = 28672, config.block_count = 80;
    config.head_count = 64, config.kv_head_count = 8, config.head_dim = 128, config.vocab_size = 128256;
    return config;
}

std::string shardName(std::size_t shard) {
    char name[64];
    std::snprintf(name, sizeof name, "model-%05zu-of-%05zu.safetensors", shard + 1, kShards);
    return name;
}

void writeShard(const fs::path& file, const Json& header, std::uint64_t data_bytes) {
    auto text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    const std::uint64_t length = text.size();
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(&length), 8)
        .write(text.data(), static_cast<std::streamsize>(length));
    fs::resize_file(file, 8 + length + data_bytes);
}

void writeSparseModel(const fs::path& folder) {
    const auto tensors = quantoscope::expectedTensors(shape());
    Json map;
    std::uint64_t total = 0;
    for (std::size_t shard = 0; shard < kShards; ++shard) {
        Json header{{"__metadata__", {{"format", "pt"}}}};
        std::uint64_t position = 0;
        for (std::size_t i = shard; i < tensors.size(); i += kShards) {
            std::uint64_t bytes = 2;
            for (const auto dimension : tensors[i].shape) bytes *= static_cast<std::uint64_t>(dimension);
            header[tensors[i].name] = {
                {"dtype", "BF16"}, {"shape", tensors[i].shape}, {"data_offsets", {position, position + bytes}}};
            map[tensors[i].name] = shardName(shard);
            position += bytes;
        }
        total += position;
        writeShard(folder / shardName(shard), header, position);
    }
    std::ofstream(folder / "model.safetensors.index.json")
        << Json{{"metadata", {{"total_size", total}}}, {"weight_map", map}};
    std::ofstream(folder / "config.json")
        << Json{{"model_type", "llama"},          {"hidden_size", 8192},      {"intermediate_size", 28672},
                {"num_attention_heads", 64},      {"num_key_value_heads", 8}, {"num_hidden_layers", 80},
                {"vocab_size", 128256},           {"rms_norm_eps", 1e-5},     {"rope_theta", 500000.0},
                {"max_position_embeddings", 8192}};
}

double milliseconds(std::chrono::steady_clock::time_point began) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
}

}  // namespace

int main() {
    const auto folder = fs::temp_directory_path() / ("open_model_bench." + std::to_string(::getpid()));
    fs::create_directories(folder);
    writeSparseModel(folder);
    int result = 0;
    for (int round = 0; round < 5; ++round) {
        const auto began = std::chrono::steady_clock::now();
        const auto model = quantoscope::ModelFiles::open(folder);
        const double open_ms = milliseconds(began);
        if (!model) {
            std::printf("%s\n", model.error().message.c_str());
            result = 1;
            break;
        }
        const auto weights = (*model)->weights(quantoscope::WeightDType::source);
        const double weights_ms = milliseconds(began);
        (*model)->fingerprint();
        std::printf(
            "open %.1f ms, with weights %.1f ms, with fingerprint %.1f ms: %zu tensors, %.1f G parameters, %zu "
            "warnings\n",
            open_ms, weights_ms, milliseconds(began), (*model)->tensors().size(),
            static_cast<double>((*model)->parameterCount()) * 1e-9, (*model)->warnings().size());
    }
    fs::remove_all(folder);
    return result;
}
