#include "core/formats/exports/dense_tensors.h"

#include <algorithm>
#include <cmath>

#include "core/formats/exports/rounding.h"

namespace quantoscope::exports {
namespace {

constexpr std::int64_t kChunkValues = std::int64_t{1} << 18;  // 1 MiB of float32: polls stay well below 50 ms

struct Fit {
    bool finite = true;
    bool half = true;      ///< float16 holds every value
    bool bfloat16 = true;  ///< bfloat16 does
    float largest = 0.0F;
};

void look(std::span<const float> values, Fit& fit) {
    for (const float value : values) {
        fit.finite = fit.finite && std::isfinite(value);
        fit.largest = std::max(fit.largest, std::fabs(value));
    }
    std::vector<float> rounded(values.size());
    roundTo(DType::f16, values, rounded);
    fit.half = fit.half && std::ranges::equal(values, rounded);
    roundTo(DType::bf16, values, rounded);
    fit.bfloat16 = fit.bfloat16 && std::ranges::equal(values, rounded);
}

Result<Fit> measure(ExportModel& model, const DenseTensor& tensor, const JobContext& job) {
    Fit fit;
    QS_TRY(forEachChunk(model, tensor, job, [&](std::span<const float> values) -> Status {
        look(values, fit);
        return {};
    }));
    if (!fit.finite)
        return failure("'" + tensor.name + "' holds values that are not finite; the model cannot be exported");
    return fit;
}

Status checkHalfRange(const std::string& name, const Fit& fit) {
    if (fit.largest <= kLargestHalf) return {};
    return failure("'" + name + "' holds values up to " + std::to_string(fit.largest) +
                   ", beyond the 65504 of float16; export as fake-quant with --dtype bfloat16 or float32");
}

using Choice = std::function<Result<StoredDense>(const DenseTensor&, const Fit&)>;

Result<std::vector<StoredDense>> choose(ExportModel& model, const JobContext& job, const Choice& choice) {
    std::vector<StoredDense> stored;
    const auto tensors = denseTensors(model);
    for (const auto& tensor : tensors) {
        job.report("Looking at the values of " + tensor.name,
                   static_cast<double>(stored.size()) / static_cast<double>(tensors.size()));
        QS_ASSIGN(const auto fit, measure(model, tensor, job));
        QS_ASSIGN(auto one, choice(tensor, fit));
        if (tensor.stored) one = {tensor, sourceType(model, tensor.name), true};  // no reason to touch these
        stored.push_back(std::move(one));
    }
    return stored;
}

Result<StoredDense> storeAs(const DenseTensor& tensor, DType dtype, const Fit& fit) {
    if (dtype == DType::f16) QS_TRY(checkHalfRange(tensor.name, fit));
    const bool exact = dtype == DType::f32 || (dtype == DType::f16 ? fit.half : fit.bfloat16);
    return StoredDense{tensor, dtype, exact};
}

std::int64_t elementCount(const DenseTensor& tensor) {
    std::int64_t count = 1;
    for (const auto dimension : tensor.shape) count *= dimension;
    return count;
}

/// Chunks of a tensor that is carried over as the file holds it.
Status forEachStoredChunk(const ModelFiles& files, const DenseTensor& tensor, const JobContext& job,
                          const UseValues& use) {
    std::vector<float> values;
    const auto total = elementCount(tensor);
    for (std::int64_t first = 0; first < total; first += kChunkValues) {
        QS_TRY(job.checkStop());
        values.resize(static_cast<std::size_t>(std::min(kChunkValues, total - first)));
        QS_TRY(files.readStored(*tensor.stored, static_cast<std::uint64_t>(first), values));
        QS_TRY(use(values));
    }
    return {};
}

Result<std::vector<std::byte>> denseBytes(ExportModel& model, const StoredDense& stored, const JobContext& job) {
    const auto width = elementBytes(stored.dtype);
    std::vector<std::byte> bytes(static_cast<std::size_t>(elementCount(stored.tensor)) * width);
    std::size_t done = 0;
    QS_TRY(forEachChunk(model, stored.tensor, job, [&](std::span<const float> values) -> Status {
        encode(stored.dtype, values, std::span(bytes).subspan(done * width, values.size() * width));
        done += values.size();
        return {};
    }));
    return bytes;
}

}  // namespace

Status forEachChunk(ExportModel& model, const DenseTensor& tensor, const JobContext& job, const UseValues& use) {
    QS_TRY(job.checkStop());
    if (tensor.stored) return forEachStoredChunk(*model.source().model, tensor, job, use);
    if (tensor.shape.size() == 1) {
        QS_ASSIGN(const auto values, denseVector(model, tensor));
        return use(values);
    }
    const auto columns = tensor.shape[1];
    const auto rows = std::max<std::int64_t>(1, kChunkValues / columns);
    std::vector<float> values;
    for (std::int64_t first = 0; first < tensor.shape[0]; first += rows) {
        QS_TRY(job.checkStop());
        const auto count = std::min(rows, tensor.shape[0] - first);
        values.resize(static_cast<std::size_t>(count * columns));
        QS_TRY(model.weights().readRows(tensor.name, first, count, values));
        QS_TRY(use(values));
    }
    return {};
}

Result<std::vector<StoredDense>> chooseDenseTypes(ExportModel& model, const JobContext& job) {
    return choose(model, job, [](const DenseTensor& tensor, const Fit& fit) -> Result<StoredDense> {
        QS_TRY(checkHalfRange(tensor.name, fit));  // torch_dtype is float16: loaders cast to it
        return storeAs(tensor, fit.half || !fit.bfloat16 ? DType::f16 : DType::bf16, fit);
    });
}

Result<std::vector<StoredDense>> useDenseType(ExportModel& model, DType dtype, const JobContext& job) {
    return choose(model, job, [&](const DenseTensor& tensor, const Fit& fit) { return storeAs(tensor, dtype, fit); });
}

Result<std::vector<StoredDense>> keepDenseTypes(ExportModel& model, const JobContext& job) {
    return choose(model, job, [&](const DenseTensor& tensor, const Fit& fit) {
        return storeAs(tensor, sourceType(model, tensor.name), fit);
    });
}

Result<std::vector<float>> denseVector(ExportModel& model, const DenseTensor& tensor) {
    if (tensor.block) {
        QS_ASSIGN(const auto* block, model.block(*tensor.block));
        if (const auto changed = block->vectors.find(tensor.name); changed != block->vectors.end())
            return changed->second;
    }
    return model.weights().readVector(tensor.name);
}

TensorToWrite writeDense(std::shared_ptr<ExportModel> model, const StoredDense& stored, const JobContext& job) {
    return {stored.tensor.name, stored.dtype, stored.tensor.shape,
            [model = std::move(model), stored, job] { return denseBytes(*model, stored, job); }};
}

DType sourceType(const ExportModel& model, const std::string& name) {
    const auto stored = model.storedName(name);
    for (const auto& tensor : model.source().model->tensors())
        if (tensor.name == stored) {
            if (tensor.dtype == DType::f32 || tensor.dtype == DType::f64) return DType::f32;
            return tensor.dtype == DType::bf16 ? DType::bf16 : DType::f16;
        }
    return DType::f16;  // a GGUF's own names: most hold blocks with float16 scales
}

std::vector<std::string> roundingNotes(const std::vector<StoredDense>& tensors) {
    std::string names;
    std::size_t count = 0;
    for (const auto& stored : tensors)
        if (!stored.exact && ++count <= 3)
            names +=
                (names.empty() ? "" : ", ") + stored.tensor.name + " (" + std::string(dtypeName(stored.dtype)) + ")";
    if (count == 0) return {};
    if (count > 3) names += " and " + std::to_string(count - 3) + " more";
    return {"dense tensors rounded to their stored type: " + names};
}

}  // namespace quantoscope::exports
