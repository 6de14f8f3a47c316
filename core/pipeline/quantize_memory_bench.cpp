// Peak anonymous memory of a GPTQ run on an 8B-shaped checkpoint of random weights with its first two blocks, against
// the bound: two blocks + the block's Gram matrices and one factor + activations + 300 MB. Usage: quantize_memory_bench
// [METHOD [SAMPLES]]    (writes about 0.9 GB below the temporary folder, removed at the end)
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "core/formats/safetensors_writer.h"
#include "core/model/model_config.h"
#include "core/pipeline/memory_meter.h"
#include "core/pipeline/runner.h"

namespace {

using namespace quantoscope;
namespace fs = std::filesystem;

ModelConfig shape() {
    ModelConfig config;
    config.hidden_size = 4096;
    config.intermediate_size = 14336;
    config.block_count = 2;
    config.head_count = 32;
    config.kv_head_count = 8;
    config.head_dim = 128;
    config.vocab_size = 256;
    return config;
}

std::vector<std::byte> randomBfloat16(std::size_t count, bool is_norm, std::uint32_t seed) {
    std::mt19937 random(seed);
    std::vector<std::byte> bytes(count * 2);
    for (std::size_t i = 0; i < count; ++i) {
        const float uniform = static_cast<float>(random()) / 4294967296.0F - 0.5F;
        const float value = is_norm ? 1.0F + 0.1F * uniform : 0.05F * uniform;
        std::uint32_t bits = 0;
        std::memcpy(&bits, &value, sizeof(bits));
        const auto half = static_cast<std::uint16_t>(bits >> 16);
        std::memcpy(bytes.data() + 2 * i, &half, 2);
    }
    return bytes;
}

/// Byte-level BPE without merges: a token a byte.
std::string byteTokenizer() {
    nlohmann::json vocabulary = nlohmann::json::object();
    int moved = 256;
    for (int byte = 0; byte < 256; ++byte) {
        const bool printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte != 173);
        const int code_point = printable ? byte : moved++;
        std::string text;
        if (code_point < 128)
            text = {static_cast<char>(code_point)};
        else
            text = {static_cast<char>(0xC0 | code_point >> 6), static_cast<char>(0x80 | (code_point & 0x3F))};
        vocabulary[text] = byte;
    }
    const nlohmann::json byte_level{
        {"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", true}};
    return nlohmann::json{{"version", "1.0"},
                          {"added_tokens", nlohmann::json::array()},
                          {"normalizer", nullptr},
                          {"pre_tokenizer", byte_level},
                          {"post_processor", nullptr},
                          {"decoder", byte_level},
                          {"model", {{"type", "BPE"}, {"vocab", vocabulary}, {"merges", nlohmann::json::array()}}}}
        .dump();
}

Status writeModel(const fs::path& folder) {
    const auto config = shape();
    fs::create_directories(folder);
    std::vector<TensorToWrite> tensors;
    std::uint32_t seed = 1;
    for (const auto& expected : expectedTensors(config)) {
        std::size_t count = 1;
        for (const auto dimension : expected.shape) count *= static_cast<std::size_t>(dimension);
        tensors.push_back(
            {expected.name, DType::bf16, expected.shape,
             [count, is_norm = expected.shape.size() == 1, own = seed++]() -> Result<std::vector<std::byte>> {
                 return randomBfloat16(count, is_norm, own);
             }});
    }
    std::ofstream(folder / "config.json")
        << R"({"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_size":4096,"intermediate_size":14336,
        "num_hidden_layers":2,"num_attention_heads":32,"num_key_value_heads":8,"vocab_size":256,"rms_norm_eps":1e-5,"rope_theta":500000.0,
        "max_position_embeddings":8192,"hidden_act":"silu","tie_word_embeddings":false,"torch_dtype":"bfloat16"})";
    std::ofstream(folder / "tokenizer.json") << byteTokenizer();
    return writeSafetensors(folder / "model.safetensors", std::move(tensors), {}, JobContext());
}

double mebibytes(double bytes) {
    return bytes / 1048576.0;
}

int report(const Recipe& recipe, const ConfigurationInfo& info) {
    const auto config = shape();
    double block = 0.0;
    double grams = 0.0;
    double factor = 0.0;
    for (const auto role : kLinearRoles)
        block += 2.0 * static_cast<double>(linearRows(config, role) * linearColumns(config, role));
    for (const auto site : kInputSites) {
        const double bytes =
            4.0 * static_cast<double>(siteColumns(config, site)) * static_cast<double>(siteColumns(config, site));
        grams += bytes;
        factor = std::max(factor, bytes);
    }
    const double activations =
        4.0 * 4096.0 * static_cast<double>(recipe.calibration.samples * recipe.calibration.sequence_length);
    const double bound = 2.0 * block + grams + factor + activations + 300e6;
    std::printf("two blocks %.0f MiB, Gram matrices %.0f MiB, factor %.0f MiB, activations %.0f MiB, bound %.0f MiB\n",
                mebibytes(2.0 * block), mebibytes(grams), mebibytes(factor), mebibytes(activations), mebibytes(bound));
    std::printf("%s: %.1f s, peak anonymous memory %.0f MiB, %.2f of the bound\n", info.id.c_str(), info.seconds,
                mebibytes(static_cast<double>(info.peak_bytes)), static_cast<double>(info.peak_bytes) / bound);
    return static_cast<double>(info.peak_bytes) <= bound ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const fs::path folder = fs::temp_directory_path() / "quantoscope-memory-bench";
    fs::remove_all(folder);
    JobContext job;
    int status = 1;
    if (const auto written = writeModel(folder / "model"); !written) {
        std::printf("%s\n", written.error().message.c_str());
    } else {
        std::ofstream text(folder / "text.txt");
        std::mt19937 random(3);
        for (int i = 0; i < 20000; ++i)
            text << static_cast<char>('a' + random() % 26) << (random() % 5 == 0 ? " " : "");
        text.close();
        Recipe recipe;
        recipe.model = (folder / "model").string();
        recipe.calibration = {(folder / "text.txt").string(), argc > 2 ? std::atol(argv[2]) : 4, 512, 0,
                              Sampling::sequential};
        recipe.methods = {{argc > 1 ? argv[1] : "gptq", {}}};
        const auto summary = runRecipe(recipe, folder / "run", {}, job);
        if (summary)
            status = report(recipe, summary->configurations[0]);
        else
            std::printf("%s\n", summary.error().message.c_str());
    }
    fs::remove_all(folder);
    return status;
}
