// The tiny golden models as a WeightSource made with a few lines of its own, so that a fault in the file readers cannot
// hide one in the forward pass; and random models.
#pragma once

#include <QDir>
#include <QFile>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>

#include "core/model/weight_source.h"
#include "kernels/convert_float/convert_float.h"

namespace quantoscope::test {

class MemoryWeights final : public WeightSource {
public:
    ModelConfig model;
    std::map<std::string, Matrix, std::less<>> tensors;  ///< vectors are one row
    std::map<std::string, std::vector<std::int64_t>, std::less<>> shapes;

    const ModelConfig& config() const override { return model; }
    bool has(std::string_view name) const override { return tensors.contains(name); }
    Result<std::vector<std::int64_t>> shape(std::string_view name) const override {
        const auto found = shapes.find(name);
        if (found == shapes.end()) return failure("no tensor " + std::string(name));
        return found->second;
    }
    Status read(std::string_view name, std::span<float> values) const override {
        const auto found = tensors.find(name);
        if (found == tensors.end() || found->second.values.size() != values.size())
            return failure("cannot read " + std::string(name));
        std::ranges::copy(found->second.values, values.begin());
        return {};
    }
    Status readRows(std::string_view name, std::int64_t first, std::int64_t count,
                    std::span<float> values) const override {
        const auto found = tensors.find(name);
        if (found == tensors.end()) return failure("no tensor " + std::string(name));
        const auto& matrix = found->second;
        if (first + count > matrix.rows || static_cast<std::int64_t>(values.size()) != count * matrix.columns)
            return failure("cannot read rows of " + std::string(name));
        std::copy_n(matrix.values.begin() + first * matrix.columns, count * matrix.columns, values.begin());
        return {};
    }
    void add(const std::string& name, std::vector<std::int64_t> shape) {
        shapes[name] = shape;
        tensors[name] = shape.size() == 2 ? Matrix(shape[0], shape[1]) : Matrix(1, shape[0]);
    }
};

inline float halfToFloat(std::uint16_t bits) {
    const int exponent = (bits >> 10) & 31;
    const float mantissa = static_cast<float>(bits & 1023);
    const float sign = (bits & 0x8000) != 0 ? -1.0F : 1.0F;
    if (exponent == 0) return sign * std::ldexp(mantissa, -24);
    return sign * std::ldexp(mantissa + 1024.0F, exponent - 25);
}

inline void addSafetensors(MemoryWeights& weights, const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return;
    const QByteArray all = file.readAll();
    std::uint64_t header_bytes = 0;
    std::memcpy(&header_bytes, all.constData(), 8);
    const auto header = nlohmann::json::parse(all.constData() + 8, all.constData() + 8 + header_bytes);
    for (const auto& [name, entry] : header.items()) {
        if (name == "__metadata__") continue;
        weights.add(name, entry["shape"].get<std::vector<std::int64_t>>());
        const char* from = all.constData() + 8 + header_bytes + entry["data_offsets"][0].get<std::uint64_t>();
        const auto type = entry["dtype"].get<std::string>();
        for (auto& value : weights.tensors[name].values) {
            std::uint16_t half = 0;
            if (type == "F32") {
                std::memcpy(&value, from, 4);
                from += 4;
                continue;
            }
            std::memcpy(&half, from, 2);
            from += 2;
            value = type == "BF16" ? kernels::bfloat16ToFloat(half) : halfToFloat(half);
        }
    }
}

inline nlohmann::json readJson(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {};
    const QByteArray all = file.readAll();
    return nlohmann::json::parse(all.constData(), all.constData() + all.size());
}

inline ModelConfig tinyConfig(const nlohmann::json& json) {
    ModelConfig config;
    config.architecture = "llama";
    config.hidden_size = json["hidden_size"];
    config.intermediate_size = json["intermediate_size"];
    config.block_count = json["num_hidden_layers"];
    config.head_count = json["num_attention_heads"];
    config.kv_head_count = json["num_key_value_heads"];
    config.head_dim = config.hidden_size / config.head_count;
    config.vocab_size = json["vocab_size"];
    config.context_length = json["max_position_embeddings"];
    config.rms_norm_eps = json["rms_norm_eps"];
    config.rope_theta = json.value("rope_theta", 10000.0);
    config.tie_word_embeddings = json["tie_word_embeddings"];
    if (const auto scaling = json.find("rope_scaling"); scaling != json.end() && !scaling->is_null()) {
        config.rope_scaling.kind = RopeScalingKind::llama3;
        config.rope_scaling.factor = (*scaling)["factor"];
        config.rope_scaling.low_freq_factor = (*scaling)["low_freq_factor"];
        config.rope_scaling.high_freq_factor = (*scaling)["high_freq_factor"];
        config.rope_scaling.original_max_position_embeddings = (*scaling)["original_max_position_embeddings"];
    }
    return config;
}

/// The model in a golden folder.
inline std::shared_ptr<MemoryWeights> tinyModel(const QString& folder) {
    auto weights = std::make_shared<MemoryWeights>();
    weights->model = tinyConfig(readJson(folder + "/config.json"));
    for (const auto& name : QDir(folder).entryList({"*.safetensors"})) addSafetensors(*weights, folder + '/' + name);
    return weights;
}

/// Random weights of small size for shapes that no golden model has.
inline std::shared_ptr<MemoryWeights> randomModel(const ModelConfig& config, unsigned seed) {
    auto weights = std::make_shared<MemoryWeights>();
    weights->model = config;
    std::mt19937 engine(seed);
    std::normal_distribution<float> normal(0.0F, 1.0F);
    for (const auto& tensor : expectedTensors(config)) {
        weights->add(tensor.name, tensor.shape);
        const float scale = tensor.shape.size() == 2 ? 1.0F / std::sqrt(static_cast<float>(tensor.shape[1])) : 0.2F;
        const float shift = tensor.shape.size() == 2 ? 0.0F : 1.0F;
        for (auto& value : weights->tensors[tensor.name].values) value = shift + scale * normal(engine);
    }
    return weights;
}

}  // namespace quantoscope::test
