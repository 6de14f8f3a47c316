#include "app/workbench/model_page/tensor_reader.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/analysis/analyse_linear.h"
#include "widgets/model_tree/model_node.h"

namespace quantoscope {
namespace {

constexpr std::int64_t kLargestCount = std::int64_t{1} << 28;  // a gigabyte of float32
constexpr int kBins = 160;

/// A vector is shown as a matrix of one row.
Result<Matrix> readValues(const WeightSource& weights, const TensorInfo& tensor, const std::string& name) {
    if (tensor.shape.size() == 2) return weights.readMatrix(name);
    QS_ASSIGN(auto vector, weights.readVector(name));
    Matrix matrix;
    matrix.rows = 1;
    matrix.columns = static_cast<std::int64_t>(vector.size());
    matrix.values = std::move(vector);
    return matrix;
}

Status checkSize(const TensorInfo& tensor) {
    std::int64_t count = 1;
    for (const auto extent : tensor.shape) count *= extent;
    if (tensor.shape.empty() || tensor.shape.size() > 2)
        return failure(tensor.name + " has " + std::to_string(tensor.shape.size()) +
                       " dimensions; only vectors and matrices are shown");
    if (count > kLargestCount)
        return failure(tensor.name + " is too large to be shown as a whole (more than a gigabyte)");
    return {};
}

}  // namespace

std::string weightName(const std::string& stored_name) {
    const auto place = tensorPlace(stored_name);
    if (place.block >= 0 && place.role) return linearPath(place.block, *place.role) + ".weight";
    static const std::array<std::pair<std::string_view, std::string_view>, 3> outside{
        {{"token_embd.weight", "model.embed_tokens.weight"},
         {"output_norm.weight", "model.norm.weight"},
         {"output.weight", "lm_head.weight"}}};
    for (const auto& [stored, computing] : outside)
        if (stored_name == stored) return std::string(computing);
    if (place.block >= 0 && stored_name.ends_with("attn_norm.weight")) return inputNormName(place.block);
    if (place.block >= 0 && stored_name.ends_with("ffn_norm.weight")) return postAttentionNormName(place.block);
    return stored_name;
}

WeightHistogram histogramOf(const Matrix& matrix, int bins) {
    WeightHistogram histogram;
    histogram.original_counts.assign(static_cast<std::size_t>(bins), 0);
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const float value : matrix.values) {
        if (!std::isfinite(value)) continue;
        low = std::min(low, static_cast<double>(value));
        high = std::max(high, static_cast<double>(value));
    }
    if (!(low <= high)) return histogram;
    histogram.minimum = low;
    histogram.maximum = high;
    const double per_value = high > low ? bins / (high - low) : 0.0;
    for (const float value : matrix.values) {
        if (!std::isfinite(value)) continue;
        const auto bin = std::min(bins - 1, static_cast<int>((value - low) * per_value));
        ++histogram.original_counts[static_cast<std::size_t>(bin)];
    }
    return histogram;
}

Result<Matrix> readTensorValues(const ModelFiles& files, int tensor) {
    const auto& info = files.tensors()[static_cast<std::size_t>(tensor)];
    QS_TRY(checkSize(info));
    QS_ASSIGN(const auto weights, files.weights(WeightDType::source));
    return readValues(*weights, info, weightName(info.name));
}

Result<TensorPicture> readTensor(const OpenModel& model, int tensor, const std::stop_token& stop) {
    const auto& info = model.files->tensors()[static_cast<std::size_t>(tensor)];
    TensorPicture picture;
    picture.name = info.name;
    QS_ASSIGN(auto matrix, readTensorValues(*model.files, tensor));
    if (stop.stop_requested()) return cancelled();
    double sum = 0.0;
    for (const float value : matrix.values) {
        const double magnitude = std::abs(static_cast<double>(value));
        sum += magnitude;
        picture.maximum_absolute = std::max(picture.maximum_absolute, magnitude);
    }
    picture.mean_absolute = matrix.values.empty() ? 0.0 : sum / static_cast<double>(matrix.values.size());
    picture.histogram = histogramOf(matrix, kBins);
    if (stop.stop_requested()) return cancelled();
    picture.tiles = std::make_shared<const TilePyramid>(tilePyramid(matrix));
    picture.values = std::make_shared<const Matrix>(std::move(matrix));
    return picture;
}

}  // namespace quantoscope
