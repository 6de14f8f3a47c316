#include "core/methods/gpu/awq_on_gpu.h"

#include <algorithm>
#include <numeric>

#include "core/device/gpu_layout.h"
#include "core/device/gpu_strips.h"

namespace quantoscope {
namespace {

class ScaleLosses {
public:
    ScaleLosses(const GpuBytes& gram, std::span<const std::vector<float>> scales, const JobContext& job)
        : gpu_(gram.gpu()), gram_(gram.as<float>()), scales_(scales), job_(job), losses_(scales.size(), 0.0) {
        columns_ = static_cast<std::int64_t>(scales.front().size());
    }

    Result<bool> reserve(std::int64_t rows) {
        QS_ASSIGN(strip_, takeStrip(gpu_, rows, [this](std::int64_t count) { return lay(nullptr, count); }, memory_));
        if (strip_ == 0) return false;
        lay(memory_.data(), strip_);
        for (std::size_t k = 0; k < scales_.size(); ++k)
            QS_TRY(gpu_.upload(scales_there_ + static_cast<std::int64_t>(k) * columns_, scales_[k].data(),
                               scales_[k].size() * sizeof(float)));
        return true;
    }

    Status add(const ScaledLinear& linear) {
        for (std::int64_t first = 0; first < linear.weight->rows; first += strip_)
            QS_TRY(addRows(linear, first, std::min(strip_, linear.weight->rows - first)));
        return {};
    }

    std::vector<double> take() { return std::move(losses_); }

private:
    std::uint64_t lay(void* memory, std::int64_t rows) {
        GpuLayout layout(memory);
        scales_there_ = layout.piece<float>(static_cast<std::int64_t>(scales_.size()) * columns_);
        weights_ = layout.piece<float>(rows * columns_);
        error_ = layout.piece<float>(rows * columns_);
        energies_ = layout.piece<double>(rows);
        return layout.bytes();
    }

    Status addRows(const ScaledLinear& linear, std::int64_t first, std::int64_t rows) {
        const kernels::GroupedMatrix shape{rows, columns_, linear.group_size, columns_};
        QS_TRY(gpu_.upload(weights_, linear.weight->row(first).data(),
                           static_cast<std::uint64_t>(rows * columns_) * sizeof(float)));
        std::vector<double> energies(static_cast<std::size_t>(rows));
        for (std::size_t k = 0; k < scales_.size(); ++k) {
            QS_TRY(job_.checkStop());
            QS_TRY(gpu_.call("AWQ's rounding", &Gpu::Table::scaledRoundingError, static_cast<const float*>(weights_),
                             &shape, &linear.grid,
                             static_cast<const float*>(scales_there_ + static_cast<std::int64_t>(k) * columns_),
                             error_));
            QS_TRY(gpu_.call("AWQ's losses", &Gpu::Table::weightedError, static_cast<const float*>(error_), rows,
                             columns_, gram_, energies_));
            QS_TRY(gpu_.download(energies.data(), energies_, energies.size() * sizeof(double)));
            QS_TRY(gpu_.synchronize());
            losses_[k] = std::accumulate(energies.begin(), energies.end(), losses_[k]);
        }
        return {};
    }

    Gpu& gpu_;
    const float* gram_;
    std::span<const std::vector<float>> scales_;
    const JobContext& job_;
    std::int64_t columns_ = 0;
    std::int64_t strip_ = 0;
    GpuBytes memory_;
    float* scales_there_ = nullptr;
    float* weights_ = nullptr;
    float* error_ = nullptr;
    double* energies_ = nullptr;
    std::vector<double> losses_;
};

struct ClipArrays {
    float* grams;
    float* weights;
    float* limits;
};

std::uint64_t lay(const kernels::GroupedMatrix& shape, std::size_t grams, void* memory, ClipArrays& arrays) {
    GpuLayout layout(memory);
    arrays.grams = layout.piece<float>(static_cast<std::int64_t>(grams));
    arrays.weights = layout.piece<float>(shape.rows * shape.columns);
    arrays.limits = layout.piece<float>(shape.rows * shape.groupCount());
    return layout.bytes();
}

}  // namespace

Result<std::vector<double>> scaleLossesOnGpu(const GpuBytes& gram, std::span<const ScaledLinear> linears,
                                             std::span<const std::vector<float>> scales, const JobContext& job) {
    ScaleLosses losses(gram, scales, job);
    std::int64_t rows = 1;
    for (const auto& linear : linears) rows = std::max(rows, linear.weight->rows);
    QS_ASSIGN(const bool room, losses.reserve(rows));
    if (!room) return std::vector<double>();
    for (const auto& linear : linears) QS_TRY(losses.add(linear));
    return losses.take();
}

Result<bool> clipOnGpu(Gpu& gpu, Matrix& weight, const kernels::GroupedMatrix& shape, const kernels::GridOptions& grid,
                       const kernels::ClipGrid& clip, std::span<const float> grams, const JobContext& job) {
    ClipArrays arrays{};
    GpuBytes memory;
    auto strip = shape;
    const auto bytes_for = [&](std::int64_t rows) {
        strip.rows = rows;
        return lay(strip, grams.size(), nullptr, arrays);
    };
    QS_ASSIGN(const auto rows, takeStrip(gpu, shape.rows, bytes_for, memory));
    if (rows == 0) return false;
    lay(strip, grams.size(), memory.data(), arrays);
    QS_TRY(gpu.upload(arrays.grams, grams.data(), grams.size_bytes()));
    for (std::int64_t first = 0; first < shape.rows; first += rows) {
        QS_TRY(job.checkStop());
        strip.rows = std::min(rows, shape.rows - first);
        const auto bytes = static_cast<std::uint64_t>(strip.rows * strip.columns) * sizeof(float);
        QS_TRY(gpu.upload(arrays.weights, weight.row(first).data(), bytes));
        QS_TRY(gpu.call("AWQ's clip search", &Gpu::Table::findClipLimits, static_cast<const float*>(arrays.weights),
                        &strip, &grid, &clip, static_cast<const float*>(arrays.grams), arrays.limits));
        QS_TRY(gpu.call("AWQ's clipping", &Gpu::Table::clampToLimits, arrays.weights, &strip,
                        static_cast<const float*>(arrays.limits)));
        QS_TRY(gpu.download(weight.row(first).data(), arrays.weights, bytes));
        QS_TRY(gpu.synchronize());
    }
    return true;
}

}  // namespace quantoscope
