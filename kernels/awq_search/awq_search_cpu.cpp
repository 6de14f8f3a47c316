#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <memory>
#include <new>
#include <vector>

#include "kernels/awq_search/awq_search.h"
#include "kernels/matmul/matmul.h"

namespace quantoscope::kernels {
namespace {

constexpr std::int64_t kRowBlock = 256;  // rows whose clipped group is multiplied with the Gram matrix together

double rowProducts(const float* a, const float* b, std::int64_t count) {
    constexpr std::int64_t kParts = 16;
    float parts[kParts] = {};
    std::int64_t j = 0;
    for (; j + kParts <= count; j += kParts)
        for (std::int64_t p = 0; p < kParts; ++p) parts[p] += a[j + p] * b[j + p];
    double sum = 0.0;
    for (const float part : parts) sum += static_cast<double>(part);
    for (; j < count; ++j) sum += static_cast<double>(a[j] * b[j]);
    return sum;
}

/// One group of up to kRowBlock rows: the search over limits.
class ClipBlock {
public:
    ClipBlock(const float* weights, std::int64_t rows, std::int64_t columns, std::int64_t row_stride)
        : weights_(weights),
          rows_(rows),
          columns_(columns),
          row_stride_(row_stride),
          difference_(static_cast<std::size_t>(rows * columns)),
          product_(difference_.size()),
          largest_(static_cast<std::size_t>(rows)),
          least_(largest_.size(), std::numeric_limits<double>::infinity()) {
        for (std::int64_t i = 0; i < rows_; ++i) {
            float largest = 0.0F;
            for (std::int64_t j = 0; j < columns_; ++j) largest = std::max(largest, std::fabs(row(i)[j]));
            largest_[static_cast<std::size_t>(i)] = largest;
        }
    }

    KernelStatus tryPart(float part, const GridOptions& grid, const float* gram, float* limits,
                         std::int64_t limit_stride) {
        for (std::int64_t i = 0; i < rows_; ++i) {
            const float limit = largest_[static_cast<std::size_t>(i)] * part;
            float* const out = difference_.data() + i * columns_;
            for (std::int64_t j = 0; j < columns_; ++j) out[j] = std::clamp(row(i)[j], -limit, limit);
        }
        const auto status =
            roundToGrids(difference_.data(), {rows_, columns_, columns_, columns_}, grid, difference_.data());
        if (status != KernelStatus::ok) return status;
        for (std::int64_t i = 0; i < rows_; ++i)
            for (std::int64_t j = 0; j < columns_; ++j)
                difference_[static_cast<std::size_t>(i * columns_ + j)] -= row(i)[j];
        const auto product = matmulStrided({difference_.data(), columns_, 1}, {gram, columns_, 1}, rows_, columns_,
                                           columns_, product_.data(), columns_);
        if (product != KernelStatus::ok) return product;
        for (std::int64_t i = 0; i < rows_; ++i) {
            const double error =
                rowProducts(difference_.data() + i * columns_, product_.data() + i * columns_, columns_);
            auto& least = least_[static_cast<std::size_t>(i)];
            if (error >= least) continue;
            least = error;
            limits[i * limit_stride] = largest_[static_cast<std::size_t>(i)] * part;
        }
        return KernelStatus::ok;
    }

private:
    const float* row(std::int64_t i) const { return weights_ + i * row_stride_; }

    const float* weights_;
    std::int64_t rows_;
    std::int64_t columns_;
    std::int64_t row_stride_;
    std::vector<float> difference_;
    std::vector<float> product_;
    std::vector<float> largest_;
    std::vector<double> least_;
};

KernelStatus clipTask(const float* weights, const GroupedMatrix& shape, const GridOptions& grid, const ClipGrid& clip,
                      const float* grams, float* limits, std::int64_t group, std::int64_t first_row,
                      const std::stop_token& stop) try {
    const auto first = group * shape.group_size;
    const auto columns = std::min(shape.group_size, shape.columns - first);
    const auto rows = std::min(kRowBlock, shape.rows - first_row);
    ClipBlock block(weights + first_row * shape.row_stride + first, rows, columns, shape.row_stride);
    float* const out = limits + first_row * shape.groupCount() + group;
    const float* const gram = grams + group * shape.group_size * shape.group_size;
    for (std::int64_t k = 0; k < clip.candidates; ++k) {
        if (stop.stop_requested()) return KernelStatus::cancelled;
        const auto part = static_cast<float>(1.0 - static_cast<double>(k) / static_cast<double>(clip.steps));
        if (const auto status = block.tryPart(part, grid, gram, out, shape.groupCount()); status != KernelStatus::ok)
            return status;
    }
    return KernelStatus::ok;
} catch (const std::bad_alloc&) {
    return KernelStatus::out_of_memory;
}

}  // namespace

double sumOfProducts(const float* a, const float* b, std::int64_t rows, std::int64_t columns) {
    constexpr std::int64_t kSlice = 256;
    double total = 0.0;
    for (std::int64_t first = 0; first < rows; first += kSlice) {
        const auto count = std::min(kSlice, rows - first);
        double sums[kSlice];
#pragma omp parallel for schedule(static)
        for (std::int64_t i = 0; i < count; ++i)
            sums[i] = rowProducts(a + (first + i) * columns, b + (first + i) * columns, columns);
        for (std::int64_t i = 0; i < count; ++i) total += sums[i];
    }
    return total;
}

void subtract(float* values, const float* base, std::int64_t count) {
#pragma omp parallel for simd schedule(static)
    for (std::int64_t i = 0; i < count; ++i) values[i] -= base[i];
}

KernelStatus findClipLimits(const float* weights, const GroupedMatrix& shape, const GridOptions& grid,
                            const ClipGrid& clip, const float* grams, float* limits, const std::stop_token& stop) {
    const auto row_blocks = (shape.rows + kRowBlock - 1) / kRowBlock;
    const auto tasks = row_blocks * shape.groupCount();
    std::atomic<KernelStatus> status{KernelStatus::ok};
#pragma omp parallel for schedule(static)
    for (std::int64_t task = 0; task < tasks; ++task) {
        if (status.load() != KernelStatus::ok) continue;
        const auto answer =
            clipTask(weights, shape, grid, clip, grams, limits, task / row_blocks, task % row_blocks * kRowBlock, stop);
        if (answer != KernelStatus::ok) status.store(answer);
    }
    return status.load();
}

void clampToLimits(float* weights, const GroupedMatrix& shape, const float* limits) {
    const auto groups = shape.groupCount();
#pragma omp parallel for schedule(static)
    for (std::int64_t i = 0; i < shape.rows; ++i) {
        float* const row = weights + i * shape.row_stride;
        for (std::int64_t g = 0; g < groups; ++g) {
            const float limit = limits[i * groups + g];
            const auto end = std::min(shape.columns, (g + 1) * shape.group_size);
            for (auto j = g * shape.group_size; j < end; ++j) row[j] = std::clamp(row[j], -limit, limit);
        }
    }
}

}  // namespace quantoscope::kernels
