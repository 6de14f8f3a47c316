#include "core/formats/weights/stored_tensor.h"

#include <algorithm>
#include <atomic>

#include "core/formats/safetensors_file.h"
#include "core/formats/strict_json.h"
#include "kernels/convert_float/convert_float.h"

namespace quantoscope {
namespace {

constexpr std::int64_t kParallelElements = 1 << 17;  // below this a second thread costs more than it saves

std::string shapeText(const std::vector<std::int64_t>& shape) {
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i) text.append(i == 0 ? "" : ", ").append(std::to_string(shape[i]));
    return text + "]";
}

class StoredWeights : public WeightSource {
public:
    StoredWeights(ModelConfig config, StoredTensors tensors, WeightDType dtype)
        : config_(std::move(config)), tensors_(std::move(tensors)), dtype_(dtype) {}

    const ModelConfig& config() const override { return config_; }
    bool has(std::string_view name) const override { return tensors_.contains(name); }
    Result<std::vector<std::int64_t>> shape(std::string_view name) const override {
        QS_ASSIGN(const auto* tensor, find(name));
        return tensor->shape;
    }
    Status read(std::string_view name, std::span<float> values) const override {
        QS_ASSIGN(const auto* tensor, find(name));
        return readStoredRows(*tensor, 0, tensor->rows(), dtype_, values);
    }
    Status readRows(std::string_view name, std::int64_t first, std::int64_t count,
                    std::span<float> values) const override {
        QS_ASSIGN(const auto* tensor, find(name));
        return readStoredRows(*tensor, first, count, dtype_, values);
    }

private:
    Result<const StoredTensor*> find(std::string_view name) const {
        const auto found = tensors_.find(name);
        if (found == tensors_.end()) return failure("the model holds no tensor '" + excerpt(name) + "'");
        return &found->second;
    }
    ModelConfig config_;
    StoredTensors tensors_;
    WeightDType dtype_;
};

}  // namespace

std::int64_t StoredTensor::elementCount() const {
    std::int64_t count = 1;
    for (const auto dimension : shape) count *= dimension;
    return count;
}
std::int64_t StoredTensor::columns() const {
    return shape.empty() ? 1 : shape.back();
}
std::int64_t StoredTensor::rows() const {
    std::int64_t count = 1;
    for (std::size_t i = 0; i + 1 < shape.size(); ++i) count *= shape[i];
    return count;
}

std::int64_t pairedRow(std::int64_t row, std::int64_t head_dim) {
    const auto half = head_dim / 2;
    const auto within = row % head_dim;
    return row - within + 2 * (within % half) + within / half;
}

Status readStoredRows(const StoredTensor& tensor, std::int64_t first, std::int64_t count, WeightDType dtype,
                      std::span<float> values) {
    const auto rows = tensor.rows();
    const auto columns = tensor.columns();
    if (first < 0 || count < 0 || count > rows || first > rows - count)
        return failure("rows " + std::to_string(first) + " to " + std::to_string(first + count) + " of '" +
                       excerpt(tensor.name) + "' were asked for, it has " + std::to_string(rows));
    if (values.size() != static_cast<std::size_t>(count * columns))
        return failure("'" + excerpt(tensor.name) + "' gives " + std::to_string(count * columns) +
                       " values, room was made for " + std::to_string(values.size()));
    QS_TRY(tensor.map->checkUnchanged());
    if (auto probe = convertToFloat(tensor.dtype, tensor.bytes(), 0, {}); !probe)
        return failure("tensor '" + excerpt(tensor.name) + "': " + probe.error().message, tensor.map->path().string());
    const auto head_dim = tensor.paired_heads > 0 ? rows / tensor.paired_heads : 0;
    const auto bytes = tensor.bytes();
    std::atomic<bool> failed{false};
#pragma omp parallel for schedule(static) if (count * columns >= kParallelElements)
    for (std::int64_t i = 0; i < count; ++i) {
        const auto source = head_dim > 0 ? pairedRow(first + i, head_dim) : first + i;
        const auto row = values.subspan(static_cast<std::size_t>(i * columns), static_cast<std::size_t>(columns));
        if (!convertToFloat(tensor.dtype, bytes, static_cast<std::uint64_t>(source * columns), row)) failed = true;
        if (dtype == WeightDType::bfloat16) kernels::roundToBfloat16(row.data(), row.size());
    }
    if (failed)
        return failure("tensor '" + excerpt(tensor.name) + "' could not be converted to float32",
                       tensor.map->path().string());
    return {};
}

Status readStoredElements(const StoredTensor& tensor, std::uint64_t first, std::span<float> values) {
    const auto& row = traits(tensor.dtype);
    const std::uint64_t begin = first / row.block_elements * row.block_bits / 8;
    const std::uint64_t length = values.size() / row.block_elements * row.block_bits / 8;
    if (length > tensor.byte_count || begin > tensor.byte_count - length)
        return failure("more values of '" + excerpt(tensor.name) + "' are asked for than it holds");
    std::vector<std::byte> bytes(static_cast<std::size_t>(length));
    QS_TRY(tensor.map->readAt(tensor.offset + begin, bytes));
    return convertToFloat(tensor.dtype, bytes, 0, values);
}

Status checkAgainstConfig(const ModelConfig& config, const StoredTensors& tensors, const std::filesystem::path& where) {
    std::string first_missing;
    std::size_t missing = 0;
    const auto expected = expectedTensors(config);
    for (const auto& [name, shape] : expected) {
        const auto found = tensors.find(name);
        if (found == tensors.end()) {
            if (missing++ == 0) first_missing = name;
        } else if (found->second.shape != shape) {
            return failure("tensor '" + excerpt(found->second.name) + "' has shape " + shapeText(found->second.shape) +
                               " where the config calls for " + shapeText(shape) +
                               ": config and weights do not belong together",
                           where.string());
        }
    }
    if (missing == 0) return {};
    return failure(std::to_string(missing) + " of " + std::to_string(expected.size()) +
                       " tensors that the config calls for are missing, the first is '" + first_missing +
                       "': check that the download is complete",
                   where.string());
}

Result<std::shared_ptr<const WeightSource>> weightsFromStored(const ModelConfig& config, StoredTensors tensors,
                                                              WeightDType dtype, const std::filesystem::path& where) {
    QS_TRY(checkAgainstConfig(config, tensors, where));
    if (config.tie_word_embeddings) tensors.erase("lm_head.weight");
    return std::make_shared<StoredWeights>(config, std::move(tensors), dtype);
}

}  // namespace quantoscope
