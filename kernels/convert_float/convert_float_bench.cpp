// Speed of the conversions: values per second over 64 MiB of float32.
#include <chrono>
#include <cstdio>
#include <vector>

#include "kernels/base/cpu_features.h"
#include "kernels/convert_float/convert_float.h"

namespace {

template <typename Function>
void measure(const char* name, std::size_t count, Function function) {
    double best = 1e9;
    for (int i = 0; i < 5; ++i) {
        const auto began = std::chrono::steady_clock::now();
        function();
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    }
    std::printf("%-18s %7.2f G values/s\n", name, static_cast<double>(count) / best * 1e-9);
}

}  // namespace

int main() {
    namespace k = quantoscope::kernels;
    constexpr std::size_t kCount = std::size_t{1} << 24;
    std::vector<float> values(kCount, 1.2345F);
    std::vector<std::uint16_t> halves(kCount, 0x3c01);
    for (const auto level : {k::CpuLevel::baseline, k::detectedCpuLevel()}) {
        k::setCpuLevel(level);
        std::printf("%s\n", k::cpuLevelName(level));
        measure("bfloat16ToFloat", kCount, [&] { k::bfloat16ToFloat(halves.data(), values.data(), kCount); });
        measure("halfToFloat", kCount, [&] { k::halfToFloat(halves.data(), values.data(), kCount); });
        measure("floatToBfloat16", kCount, [&] { k::floatToBfloat16(values.data(), halves.data(), kCount); });
        measure("floatToHalf", kCount, [&] { k::floatToHalf(values.data(), halves.data(), kCount); });
        measure("roundToBfloat16", kCount, [&] { k::roundToBfloat16(values.data(), kCount); });
    }
    return 0;
}
