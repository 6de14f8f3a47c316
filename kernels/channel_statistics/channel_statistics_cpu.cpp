#include <omp.h>

#include <algorithm>
#include <cmath>

#include "kernels/channel_statistics/channel_statistics.h"
#include "kernels/convert_float/convert_float.h"

namespace quantoscope::kernels {
namespace {

constexpr std::int64_t kMostColumns = 1024;  ///< rows are read in runs of up to 4 KiB; sums and maxima stay in L1
constexpr std::int64_t kColumnGranule = 64;
constexpr std::int64_t kRows = 64;

/// `width` <= kMostColumns neighbouring columns; the compiler makes vectors of the inner loop.
template <typename Input>
void addColumns(const Input* x, std::int64_t rows, std::int64_t columns, std::int64_t width, double* sums,
                float* maxima) {
    for (std::int64_t begin = 0; begin < rows; begin += kRows) {
        const auto end = std::min(rows, begin + kRows);
        float part[kMostColumns];
        std::fill_n(part, width, 0.0F);
        for (auto t = begin; t < end; ++t) {
            const Input* const row = x + t * columns;
            for (std::int64_t j = 0; j < width; ++j) {
                const float value = std::fabs(widened(row[j]));
                part[j] += value;
                maxima[j] = maxima[j] < value ? value : maxima[j];
            }
        }
        for (std::int64_t j = 0; j < width; ++j) sums[j] += static_cast<double>(part[j]);
    }
}

template <typename Input>
void addAll(const Input* x, std::int64_t rows, std::int64_t columns, double* sums, float* maxima) {
    const auto share = (columns + omp_get_max_threads() - 1) / omp_get_max_threads();
    const auto step = std::min(kMostColumns, (share + kColumnGranule - 1) / kColumnGranule * kColumnGranule);
#pragma omp parallel for schedule(static)
    for (std::int64_t first = 0; first < columns; first += step)
        addColumns(x + first, rows, columns, std::min(step, columns - first), sums + first, maxima + first);
}

}  // namespace

void channelStatistics(const float* x, std::int64_t rows, std::int64_t columns, double* absolute_sums, float* maxima) {
    addAll(x, rows, columns, absolute_sums, maxima);
}

void channelStatistics(const std::uint16_t* x, std::int64_t rows, std::int64_t columns, double* absolute_sums,
                       float* maxima) {
    addAll(x, rows, columns, absolute_sums, maxima);
}

}  // namespace quantoscope::kernels
