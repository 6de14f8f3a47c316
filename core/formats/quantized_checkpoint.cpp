#include "core/formats/quantized_checkpoint.h"

#include <algorithm>
#include <map>

#include "core/base/json.h"
#include "core/formats/quantized/packed_linear.h"

namespace quantoscope {
namespace {

using Json = nlohmann::json;
using Layout = CheckpointQuantization::Layout;

std::unexpected<Error> refused(const std::filesystem::path& where, const std::string& problem) {
    return failure("quantization_config: " + problem, where.string());
}

std::string lowered(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

Status readGptq(const Json& object, const std::filesystem::path& where, CheckpointQuantization& quantization) {
    const auto format = stringMember(object, "checkpoint_format", stringMember(object, "format", "gptq"));
    if (format != "gptq" && format != "gptq_v2")
        return refused(where, "the GPTQ layout '" + format.substr(0, 40) + "' is not supported (gptq and gptq_v2 are)");
    quantization.zero_points_minus_one = format == "gptq";
    quantization.layout = Layout::gptq;
    const auto bits = integerMember(object, "bits", 0);
    if (bits != 2 && bits != 3 && bits != 4 && bits != 8)
        return refused(where, "GPTQ with " + std::to_string(bits) + " bits is not supported (2, 3, 4 and 8 are)");
    quantization.bits = static_cast<int>(bits);
    const auto dynamic = object.find("dynamic");
    quantization.bits_vary = dynamic != object.end() && dynamic->is_object() && !dynamic->empty();
    return {};
}

Status readAwq(const Json& object, const std::filesystem::path& where, CheckpointQuantization& quantization) {
    const auto version = lowered(stringMember(object, "version", "gemm"));
    if (version != "gemm")
        return refused(where, "the AWQ version '" + version.substr(0, 40) + "' is not supported (gemm is)");
    const auto bits = integerMember(object, "bits", integerMember(object, "w_bit", 4));
    if (bits != 4) return refused(where, "AWQ with " + std::to_string(bits) + " bits is not supported (4 are)");
    const auto zero_point = object.find("zero_point");
    if (zero_point != object.end() && *zero_point == false)
        return refused(where, "AWQ without zero points ('zero_point' false) is not supported");
    quantization.layout = Layout::awq;
    quantization.zero_points_minus_one = false;
    return {};
}

std::string labelOf(const CheckpointQuantization& quantization) {
    std::string label = quantization.layout == Layout::awq ? "AWQ, " : "GPTQ, ";
    label += std::to_string(quantization.bits) + (quantization.bits_vary ? " and other bits, " : " bits, ");
    return label +
           (quantization.group_size < 0 ? "one group a row" : "groups of " + std::to_string(quantization.group_size));
}

class QuantizedWeights : public WeightSource {
public:
    QuantizedWeights(ModelConfig config, StoredTensors tensors,
                     std::map<std::string, PackedLinear, std::less<>> linears, WeightDType dtype)
        : config_(std::move(config)), tensors_(std::move(tensors)), linears_(std::move(linears)), dtype_(dtype) {}

    const ModelConfig& config() const override { return config_; }
    bool has(std::string_view name) const override { return linears_.contains(name) || tensors_.contains(name); }
    Result<std::vector<std::int64_t>> shape(std::string_view name) const override {
        if (const auto linear = linears_.find(name); linear != linears_.end())
            return std::vector<std::int64_t>{linear->second.rows, linear->second.columns};
        QS_ASSIGN(const auto* tensor, dense(name));
        return tensor->shape;
    }
    Status read(std::string_view name, std::span<float> values) const override {
        if (const auto linear = linears_.find(name); linear != linears_.end())
            return dequantizeRows(linear->second, 0, linear->second.rows, values);
        QS_ASSIGN(const auto* tensor, dense(name));
        return readStoredRows(*tensor, 0, tensor->rows(), dtype_, values);
    }
    Status readRows(std::string_view name, std::int64_t first, std::int64_t count,
                    std::span<float> values) const override {
        if (const auto linear = linears_.find(name); linear != linears_.end())
            return dequantizeRows(linear->second, first, count, values);
        QS_ASSIGN(const auto* tensor, dense(name));
        return readStoredRows(*tensor, first, count, dtype_, values);
    }

private:
    Result<const StoredTensor*> dense(std::string_view name) const {
        const auto found = tensors_.find(name);
        if (found == tensors_.end())
            return failure("the checkpoint holds no tensor '" + std::string(name.substr(0, 200)) + "'");
        return &found->second;
    }

    ModelConfig config_;
    StoredTensors tensors_;
    std::map<std::string, PackedLinear, std::less<>> linears_;  ///< by name of the weight they stand for
    WeightDType dtype_;
};

/// Older writers add a bias of zeros to every linear; another one would change what the model computes.
Status checkBias(const StoredTensors& tensors, const std::string& name) {
    const auto found = tensors.find(name);
    if (found == tensors.end()) return {};
    const auto& bias = found->second;
    if (bias.shape.size() != 1 || bias.elementCount() > (1 << 20))
        return failure("'" + name + "' is no vector that could be a bias");
    std::vector<float> values(static_cast<std::size_t>(bias.elementCount()));
    QS_TRY(readStoredRows(bias, 0, bias.rows(), WeightDType::source, values));
    if (std::ranges::all_of(values, [](float value) { return value == 0.0F; })) return {};
    return failure("'" + name + "' is a bias that is not zero: linears with a bias are not supported");
}

}  // namespace

Result<std::optional<CheckpointQuantization>> checkpointQuantization(const std::string& config_json,
                                                                     const std::filesystem::path& where) {
    QS_ASSIGN(const auto config, parseJson(config_json, "config.json"));
    const auto found = config.is_object() ? config.find("quantization_config") : config.end();
    if (!config.is_object() || found == config.end() || found->is_null())
        return std::optional<CheckpointQuantization>{};
    if (!found->is_object()) return refused(where, "it is not an object");
    CheckpointQuantization quantization;
    const auto method = stringMember(*found, "quant_method", stringMember(*found, "method"));
    if (method == "gptq") {
        QS_TRY(readGptq(*found, where, quantization));
    } else if (method == "awq") {
        QS_TRY(readAwq(*found, where, quantization));
    } else {
        return refused(where,
                       "checkpoints quantized with '" + method.substr(0, 40) + "' cannot be read (gptq and awq can)");
    }
    quantization.group_size = integerMember(*found, "group_size", integerMember(*found, "q_group_size", 128));
    if (quantization.group_size != -1 && (quantization.group_size < 1 || quantization.group_size > (1 << 20)))
        return refused(where, "the group_size " + std::to_string(quantization.group_size) +
                                  " is neither -1 nor a number of columns");
    quantization.label = labelOf(quantization);
    return std::optional(std::move(quantization));
}

Result<std::shared_ptr<const WeightSource>> quantizedWeightsFromStored(const ModelConfig& config,
                                                                       const CheckpointQuantization& quantization,
                                                                       StoredTensors tensors, WeightDType dtype,
                                                                       const std::filesystem::path& where) {
    std::map<std::string, PackedLinear, std::less<>> linears;
    for (const auto& expected : expectedTensors(config)) {
        const auto stem = expected.name.substr(0, expected.name.size() - std::string_view(".weight").size());
        if (const auto found = tensors.find(expected.name); found != tensors.end()) {
            if (found->second.shape != expected.shape)
                return failure("tensor '" + expected.name + "' has another shape than the config calls for",
                               where.string());
        } else if (stem.ends_with("_proj")) {
            auto linear = findPackedLinear(tensors, quantization, stem, expected.shape[0], expected.shape[1]);
            if (!linear) return failure(linear.error().message, where.string(), linear.error().cause);
            linears.emplace(expected.name, std::move(*linear));
        } else {
            return failure("the tensor '" + expected.name + "' is missing: check that the download is complete",
                           where.string());
        }
        if (stem.ends_with("_proj")) QS_TRY(checkBias(tensors, stem + ".bias"));
    }
    if (config.tie_word_embeddings) tensors.erase("lm_head.weight");
    return std::make_shared<QuantizedWeights>(config, std::move(tensors), std::move(linears), dtype);
}

}  // namespace quantoscope
