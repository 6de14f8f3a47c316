// Models and quantized blocks made up for export tests: random codes on every kind of grid, scales folded as methods
// do.
#pragma once

#include <QDir>
#include <QTemporaryDir>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>

#include "core/formats/exporter.h"
#include "core/formats/safetensors_file.h"

namespace quantoscope::test {

/// How made-up blocks are quantized.
struct BlockRecipe {
    int bits = 4;
    std::int64_t group_size = 32;  ///< -1: per channel
    bool act_order = false;
    bool symmetric = false;
    bool half_scales = true;
    bool folded = false;  ///< scales in norms, v/o (same shape only) and up/down
    std::uint32_t seed = 1;
};

inline float halfLike(float value) {  // 11 significant bits, far from float16's ends
    int exponent = 0;
    const float fraction = std::frexp(value, &exponent);
    return std::ldexp(std::nearbyint(fraction * 1024.0F) / 1024.0F, exponent);
}

inline QuantizedTensor randomTensor(std::int64_t rows, std::int64_t columns, const BlockRecipe& recipe,
                                    std::mt19937& random, const std::vector<std::int32_t>& group_index) {
    QuantizedTensor tensor;
    tensor.rows = rows;
    tensor.columns = columns;
    tensor.bits = recipe.bits;
    tensor.group_size = recipe.group_size < 0 ? columns : std::min(recipe.group_size, columns);
    const auto groups = (columns + tensor.group_size - 1) / tensor.group_size;
    tensor.scales = Matrix(rows, groups);
    tensor.zero_points = Matrix(rows, groups);
    tensor.symmetric = recipe.symmetric;
    tensor.scale_bits = recipe.half_scales ? 16 : 32;
    tensor.group_index = group_index;
    for (auto& scale : tensor.scales.values) {
        scale = std::uniform_real_distribution<float>(0.001F, 0.03F)(random);
        if (recipe.half_scales) scale = halfLike(scale);
    }
    const auto levels = 1U << recipe.bits;
    for (auto& zero : tensor.zero_points.values)
        zero = recipe.symmetric ? static_cast<float>(levels / 2) : static_cast<float>(random() % levels);
    tensor.codes.resize(static_cast<std::size_t>(rows * columns));
    for (auto& code : tensor.codes) code = static_cast<std::uint8_t>(random() % levels);
    return tensor;
}

inline std::vector<float> randomScales(std::int64_t count, std::mt19937& random) {
    std::vector<float> scales(static_cast<std::size_t>(count));
    for (auto& scale : scales) scale = std::uniform_real_distribution<float>(0.5F, 2.0F)(random);
    return scales;
}

/// A block for `weights`' config; the folded norms belong to those weights.
inline QuantizedBlock randomBlock(const WeightSource& weights, std::int64_t index, const BlockRecipe& recipe) {
    const auto& config = weights.config();
    std::mt19937 random(recipe.seed * 1000 + static_cast<std::uint32_t>(index));
    QuantizedBlock block;
    std::map<InputSite, std::vector<std::int32_t>> orders;  // linears that share an input share their order
    std::map<InputSite, std::vector<float>> scales;
    for (const auto site : kInputSites) {
        const auto columns = siteColumns(config, site);
        if (recipe.act_order && recipe.group_size > 0 && recipe.group_size < columns) {
            for (std::int64_t j = 0; j < columns; ++j)
                orders[site].push_back(static_cast<std::int32_t>(j / recipe.group_size));
            std::ranges::shuffle(orders[site], random);
        }
        if (recipe.folded) scales[site] = randomScales(columns, random);
    }
    if (config.kv_head_count != config.head_count) scales[InputSite::attention_output].clear();
    for (const auto role : kLinearRoles) {
        auto tensor = randomTensor(linearRows(config, role), linearColumns(config, role), recipe, random,
                                   orders[inputSite(role)]);
        tensor.input_scale = scales[inputSite(role)];
        if (role == LinearRole::v_proj) tensor.output_scale = scales[InputSite::attention_output];
        if (role == LinearRole::up_proj) tensor.output_scale = scales[InputSite::mlp_hidden];
        block.linears[static_cast<std::size_t>(role)] = std::move(tensor);
    }
    if (!recipe.folded) return block;
    for (const auto& [name, site] : {std::pair{inputNormName(index), InputSite::attention_input},
                                     std::pair{postAttentionNormName(index), InputSite::mlp_input}}) {
        auto norm = *weights.readVector(name);
        for (std::size_t i = 0; i < norm.size(); ++i) norm[i] /= scales[site][i];
        block.vectors[name] = norm;
    }
    return block;
}

/// Weights kept in memory.
class MadeUpWeights : public WeightSource {
public:
    explicit MadeUpWeights(ModelConfig config) : config_(std::move(config)) {
        std::mt19937 random(7);
        for (const auto& expected : expectedTensors(config_)) {
            std::int64_t count = 1;
            for (const auto dimension : expected.shape) count *= dimension;
            std::vector<float> values(static_cast<std::size_t>(count));
            for (auto& value : values) value = halfLike(std::uniform_real_distribution<float>(0.01F, 1.0F)(random));
            tensors_[expected.name] = {expected.shape, std::move(values)};
        }
    }
    const ModelConfig& config() const override { return config_; }
    bool has(std::string_view name) const override { return tensors_.contains(name); }
    Result<std::vector<std::int64_t>> shape(std::string_view name) const override {
        const auto found = tensors_.find(name);
        if (found == tensors_.end()) return failure("no such tensor");
        return found->second.first;
    }
    Status read(std::string_view name, std::span<float> values) const override {
        std::ranges::copy(tensors_.find(name)->second.second, values.begin());
        return {};
    }
    Status readRows(std::string_view name, std::int64_t first, std::int64_t count,
                    std::span<float> values) const override {
        const auto& [dimensions, all] = tensors_.find(name)->second;
        const auto columns = dimensions.back();
        std::copy_n(all.begin() + first * columns, count * columns, values.begin());
        return {};
    }
    std::vector<float>& values(const std::string& name) { return tensors_.find(name)->second.second; }

private:
    ModelConfig config_;
    std::map<std::string, std::pair<std::vector<std::int64_t>, std::vector<float>>, std::less<>> tensors_;
};

inline ModelConfig smallConfig(std::int64_t hidden, std::int64_t intermediate) {
    ModelConfig config;
    config.architecture = "llama";
    config.hidden_size = hidden;
    config.intermediate_size = intermediate;
    config.block_count = 1;
    config.head_count = hidden / 32;
    config.kv_head_count = config.head_count;
    config.head_dim = 32;
    config.vocab_size = 40;
    config.context_length = 64;
    return config;
}

/// A model that has no files but a folder for its side files.
class MadeUpModel : public ModelFiles {
public:
    MadeUpModel(const ModelConfig& config, std::filesystem::path folder)
        : weights_(std::make_shared<MadeUpWeights>(config)), folder_(std::move(folder)) {
        for (const auto& expected : expectedTensors(config))
            infos_.push_back({expected.name, DType::bf16, expected.shape, 0, {}});
    }
    MadeUpWeights& madeUp() { return *weights_; }
    const std::filesystem::path& path() const override { return folder_; }
    std::string formatLabel() const override { return "made up"; }
    const std::vector<TensorInfo>& tensors() const override { return infos_; }
    std::int64_t parameterCount() const override { return 1; }
    std::uint64_t totalBytes() const override { return 1; }
    const std::vector<std::string>& warnings() const override { return warnings_; }
    std::string configJson() const override {
        const auto& c = weights_->config();
        nlohmann::json json{{"architectures", {"LlamaForCausalLM"}},
                            {"model_type", "llama"},
                            {"hidden_size", c.hidden_size},
                            {"intermediate_size", c.intermediate_size},
                            {"num_hidden_layers", c.block_count},
                            {"num_attention_heads", c.head_count},
                            {"num_key_value_heads", c.kv_head_count},
                            {"head_dim", c.head_dim},
                            {"vocab_size", c.vocab_size},
                            {"max_position_embeddings", c.context_length},
                            {"rms_norm_eps", 1e-5},
                            {"tie_word_embeddings", c.tie_word_embeddings},
                            {"x_unknown", 3},
                            {"quantization_config", {{"quant_method", "old"}}},
                            {"dtype", "bfloat16"},
                            {"rope_parameters", {{"rope_type", "default"}, {"rope_theta", 5000.0}}}};
        return json.dump();
    }
    std::string fingerprint() const override { return "0"; }
    Result<ModelConfig> config() const override { return weights_->config(); }
    Result<std::shared_ptr<const WeightSource>> weights(WeightDType) const override { return weights_; }
    Status readStored(std::size_t, std::uint64_t, std::span<float>) const override { return failure("not stored"); }

private:
    std::shared_ptr<MadeUpWeights> weights_;
    std::filesystem::path folder_;
    std::vector<TensorInfo> infos_;
    std::vector<std::string> warnings_;
};

inline OptionValues methodOptions(const BlockRecipe& recipe) {
    return {{"bits", std::int64_t{recipe.bits}}, {"group_size", recipe.group_size}};
}

/// What an exporter is given for a model opened from files.
inline ExportSource sourceFor(const std::shared_ptr<const ModelFiles>& model, const BlockRecipe& recipe,
                              WeightDType dtype = WeightDType::source) {
    const auto weights = *model->weights(dtype);
    return {model, dtype, methodOptions(recipe), "made-up",
            [weights, recipe](std::int64_t index) -> Result<QuantizedBlock> {
                return randomBlock(*weights, index, recipe);
            }};
}

inline std::filesystem::path below(const QTemporaryDir& folder, const char* name) {
    return std::filesystem::path(folder.path().toStdString()) / name;
}

/// The sentence of a failure, "" for success.
template <typename Outcome>
QString message(const Outcome& outcome) {
    return outcome.has_value() ? QString() : QString::fromStdString(outcome.error().message);
}

inline Result<ExportReport> exportTo(const char* format, const ExportSource& source,
                                     const std::filesystem::path& folder, const OptionValues& options = {}) {
    JobContext job;
    QS_ASSIGN(const auto* found, findExportFormat(format));
    return found->write(source, folder, options, job);
}

/// Largest difference between what the exported folder computes with and what the blocks say; -1 when it cannot be
/// read.
inline float worstDifference(const std::filesystem::path& folder, const ExportSource& source) {
    const auto model = ModelFiles::open(folder);
    if (!model) return qWarning("%s", model.error().message.c_str()), -1.0F;
    const auto weights = (*model)->weights(WeightDType::source);
    if (!weights) return qWarning("%s", weights.error().message.c_str()), -1.0F;
    float worst = 0.0F;
    const auto compare = [&](const std::vector<float>& a, const std::vector<float>& b) {
        for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::fabs(a[i] - b[i]));
    };
    for (std::int64_t index = 0; index < (*weights)->config().block_count; ++index) {
        const auto block = *source.block(index);
        for (const auto role : kLinearRoles)
            compare((*weights)->readMatrix(linearPath(index, role) + ".weight")->values,
                    block.linears[static_cast<std::size_t>(role)]->dequantize().values);
        for (const auto& [name, values] : block.vectors) compare(*(*weights)->readVector(name), values);
    }
    return worst;
}

}  // namespace quantoscope::test
