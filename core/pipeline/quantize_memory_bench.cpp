// Peak anonymous memory of a GPTQ run on an 8B-shaped checkpoint of random weights with its first two blocks, against
// the bound: two blocks + the block's Gram matrices and one factor + activations + 300 MB. Usage: quantize_memory_bench
// [METHOD [SAMPLES]]    (writes about 0.9 GB below the temporary folder, removed at the end)
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
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

Status writeModel(const fs::path& folder, const fs::path& tokenizer) {
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
    std::error_code error;
    fs::copy_file(tokenizer, folder / "tokenizer.json", error);
    if (error) return failure("a byte-level tokenizer.json is needed: " + tokenizer.string());
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
    if (argc < 2) {
        std::printf("usage: quantize_memory_bench TOKENIZER.json [METHOD [SAMPLES]]\n");
        return 2;
    }
    const fs::path folder = fs::temp_directory_path() / "quantoscope-memory-bench";
    fs::remove_all(folder);
    JobContext job;
    int status = 1;
    if (const auto written = writeModel(folder / "model", argv[1]); !written) {
        std::printf("%s\n", written.error().message.c_str());
    } else {
        std::ofstream text(folder / "text.txt");
        std::mt19937 random(3);
        for (int i = 0; i < 20000; ++i)
            text << static_cast<char>('a' + random() % 26) << (random() % 5 == 0 ? " " : "");
        text.close();
        Recipe recipe;
        recipe.model = (folder / "model").string();
        recipe.calibration = {(folder / "text.txt").string(), argc > 3 ? std::atol(argv[3]) : 4, 512, 0,
                              Sampling::sequential};
        recipe.methods = {{argc > 2 ? argv[2] : "gptq", {}}};
        const auto summary = runRecipe(recipe, folder / "run", {}, job);
        if (summary)
            status = report(recipe, summary->configurations[0]);
        else
            std::printf("%s\n", summary.error().message.c_str());
    }
    fs::remove_all(folder);
    return status;
}
