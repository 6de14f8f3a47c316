#include <omp.h>

#include <algorithm>
#include <vector>

#include "kernels/matmul/matmul.h"
#include "kernels/roofline/bench_clock.h"
#include "kernels/roofline/roofline.h"

namespace quantoscope::kernels {
namespace {

constexpr std::int64_t kSide = 2048;
constexpr std::int64_t kReadBytes = std::int64_t{512} << 20;

template <typename Operand, typename Element>
double productRate(int repetitions, Element value) {
    const std::vector<Element> a(kSide * kSide, value);
    std::vector<float> c(kSide * kSide);
    const Operand operand{a.data(), kSide, 1};
    const double seconds = bestSeconds(
        repetitions + 1, [&] { (void)matmulStrided(operand, operand, kSide, kSide, kSide, c.data(), kSide); });
    return 2.0 * kSide * kSide * kSide / seconds * 1e-9;
}

}  // namespace

double readAll(const void* data, std::int64_t bytes) {
    using Lanes = float __attribute__((vector_size(64)));
    const auto count = bytes / static_cast<std::int64_t>(sizeof(Lanes));
    const auto* lanes = static_cast<const Lanes*>(data);
    const int threads = omp_get_max_threads();
    std::vector<double> sums(static_cast<std::size_t>(threads));
#pragma omp parallel num_threads(threads)
    {
        const auto index = omp_get_thread_num();
        const auto begin = count * index / omp_get_num_threads();
        const auto end = count * (index + 1) / omp_get_num_threads();
        Lanes total[4] = {};
        for (auto i = begin; i + 4 <= end; i += 4)
            for (int j = 0; j < 4; ++j) total[j] += lanes[i + j];
        sums[static_cast<std::size_t>(index)] = static_cast<double>((total[0] + total[1] + total[2] + total[3])[0]);
    }
    double sum = 0.0;
    for (const double part : sums) sum += part;
    return sum;
}

Roofline measureRoofline(int repetitions) {
    Roofline roofline;
    roofline.threads = omp_get_max_threads();
    roofline.float32_gflops = productRate<StridedOperand>(repetitions, 0.5F);
    roofline.bfloat16_gflops = roofline.float32_gflops;
    if (hasBfloat16Product())
        roofline.bfloat16_gflops = productRate<StridedBfloat16>(repetitions, std::uint16_t{0x3f00});
    const std::vector<float> memory(kReadBytes / sizeof(float), 1.0F);
    // Aligned to the vectors readAll uses: the first few floats are left out.
    const auto address = reinterpret_cast<std::uintptr_t>(memory.data());
    const auto skip = static_cast<std::int64_t>((64 - address % 64) % 64);
    volatile double keep = 0.0;
    const double seconds = bestSeconds(
        repetitions, [&] { keep = readAll(reinterpret_cast<const char*>(memory.data()) + skip, kReadBytes - 64); });
    (void)keep;
    roofline.read_gigabytes_per_s = static_cast<double>(kReadBytes) / seconds * 1e-9;
    return roofline;
}

}  // namespace quantoscope::kernels
