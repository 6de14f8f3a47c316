// Speed of the block types: values per second over 16 Mi values.
#include <chrono>
#include <cstdio>
#include <vector>

#include "kernels/base/cpu_features.h"
#include "kernels/dequantize_gguf/dequantize_gguf.h"

int main() {
    namespace k = quantoscope::kernels;
    constexpr std::size_t kCount = std::size_t{1} << 24;
    constexpr const char* kNames[] = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"};
    std::vector<float> values(kCount);
    for (const auto level : {k::CpuLevel::baseline, k::detectedCpuLevel()}) {
        k::setCpuLevel(level);
        std::printf("%s\n", k::cpuLevelName(level));
        for (std::size_t i = 0; i < std::size(kNames); ++i) {
            const auto type = static_cast<k::GgufBlock>(i);
            const std::size_t blocks = kCount / k::blockElements(type);
            const std::vector<std::uint8_t> bytes(blocks * k::blockBytes(type), 0x35);
            double best = 1e9;
            for (int round = 0; round < 5; ++round) {
                const auto began = std::chrono::steady_clock::now();
                k::dequantizeGguf(type, bytes.data(), blocks, values.data());
                best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
            }
            std::printf("%-5s %6.2f G values/s\n", kNames[i], static_cast<double>(kCount) / best * 1e-9);
        }
    }
    return 0;
}
