#include "kernels/cuda/cuda_context.cuh"
#include "kernels/cuda/device_float.cuh"
#include "kernels/cuda/launchers.cuh"

namespace quantoscope::kernels::cuda {
namespace {

constexpr std::int64_t kMostStrips = 64;

/// A thread a column of a strip of rows; neighbours read neighbours.
__global__ void __launch_bounds__(kThreads) sumStrip(const std::uint16_t* x, std::int64_t rows, std::int64_t columns,
                                                     std::int64_t strip_rows, double* sums, float* maxima) {
    const std::int64_t column = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
    if (column >= columns) return;
    const std::int64_t first = static_cast<std::int64_t>(blockIdx.y) * strip_rows;
    const std::int64_t end = first + strip_rows < rows ? first + strip_rows : rows;
    double sum = 0.0;
    float largest = 0.0F;
    for (std::int64_t t = first; t < end; ++t) {
        const float value = fabsf(asFloat(x[t * columns + column]));
        sum += static_cast<double>(value);
        largest = fmaxf(largest, value);
    }
    const std::int64_t place = static_cast<std::int64_t>(blockIdx.y) * columns + column;
    sums[place] = sum;
    maxima[place] = largest;
}

__global__ void __launch_bounds__(kThreads) addStrips(const double* sums, const float* maxima, std::int64_t strips,
                                                      std::int64_t columns, double* absolute_sums, float* all_maxima) {
    const std::int64_t column = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
    if (column >= columns) return;
    double sum = absolute_sums[column];
    float largest = all_maxima[column];
    for (std::int64_t strip = 0; strip < strips; ++strip) {
        sum += sums[strip * columns + column];
        largest = fmaxf(largest, maxima[strip * columns + column]);
    }
    absolute_sums[column] = sum;
    all_maxima[column] = largest;
}

}  // namespace

CudaStatus channelStatistics(CudaContext* context, const std::uint16_t* x, std::int64_t rows, std::int64_t columns,
                             double* absolute_sums, float* maxima) {
    if (rows <= 0 || columns <= 0) return {};
    const auto room = static_cast<std::int64_t>(kScratchBytes) /
                      (columns * static_cast<std::int64_t>(sizeof(double) + sizeof(float)));
    std::int64_t strips = rows < kMostStrips ? rows : kMostStrips;
    strips = strips < room ? strips : room;
    if (strips < 1) return tooLarge("channelStatistics");
    QS_CUDA_TRY(enter(context));
    const std::int64_t strip_rows = (rows + strips - 1) / strips;
    strips = (rows + strip_rows - 1) / strip_rows;
    auto* const sums = static_cast<double*>(context->scratch);
    auto* const strip_maxima = reinterpret_cast<float*>(sums + strips * columns);
    const auto across = static_cast<unsigned>((columns + kThreads - 1) / kThreads);
    sumStrip<<<dim3(across, static_cast<unsigned>(strips)), kThreads, 0, context->stream>>>(
        x, rows, columns, strip_rows, sums, strip_maxima);
    QS_CUDA_TRY(launched("channelStatistics"));
    addStrips<<<across, kThreads, 0, context->stream>>>(sums, strip_maxima, strips, columns, absolute_sums, maxima);
    return launched("channelStatistics");
}

}  // namespace quantoscope::kernels::cuda
