// matmul at the shapes of SmolLM2 and of an 8B model beside the machine's roofline (oneDNN at 2048^3). Best of five.
#include <cstdio>
#include <vector>

#include "kernels/convert_float/convert_float.h"
#include "kernels/matmul/matmul.h"
#include "kernels/roofline/bench_clock.h"
#include "kernels/roofline/roofline.h"

using namespace quantoscope::kernels;

namespace {

void benchShape(const char* name, std::int64_t tokens, std::int64_t rows, std::int64_t columns, MatmulOperand operand,
                const Roofline& roofline) {
    std::vector<float> weights(static_cast<std::size_t>(rows * columns));
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<float>(i % 1024) / 1024.0F - 0.5F;
    std::vector<float> x(static_cast<std::size_t>(tokens * columns), 0.25F);
    std::vector<std::uint16_t> rounded(x.size());
    floatToBfloat16(x.data(), rounded.data(), x.size());
    std::vector<float> y(static_cast<std::size_t>(tokens * rows));
    PackedMatrix packed;
    if (PackedMatrix::pack(weights.data(), rows, columns, operand, packed) != KernelStatus::ok) return;
    const bool wide = operand == MatmulOperand::float32;
    const double seconds = bestSeconds(5, [&] {
        (void)(wide ? matmul(x.data(), tokens, packed, y.data()) : matmul(rounded.data(), tokens, packed, y.data()));
    });
    const double flops = 2.0 * static_cast<double>(tokens * rows * columns);
    const double bound = wide ? roofline.float32_gflops : roofline.bfloat16_gflops;
    std::printf("%-9s %-10s %5ld x %6ld x %5ld  %8.1f GFLOP/s  %5.1f %% of roofline  %7.2f GB/s weights\n",
                wide ? "float32" : "bfloat16", name, static_cast<long>(tokens), static_cast<long>(rows),
                static_cast<long>(columns), flops / seconds * 1e-9, 100.0 * flops / seconds * 1e-9 / bound,
                static_cast<double>(packed.bytes()) / seconds * 1e-9);
}

}  // namespace

int main() {
    const Roofline roofline = measureRoofline(5);
    std::printf("threads %d   float32 %.1f GFLOP/s   bfloat16 %.1f GFLOP/s   memory %.1f GB/s\n", roofline.threads,
                roofline.float32_gflops, roofline.bfloat16_gflops, roofline.read_gigabytes_per_s);
    for (const auto operand : {MatmulOperand::bfloat16, MatmulOperand::float32}) {
        benchShape("q", 2048, 576, 576, operand, roofline);
        benchShape("k", 2048, 192, 576, operand, roofline);
        benchShape("gate", 2048, 1536, 576, operand, roofline);
        benchShape("down", 2048, 576, 1536, operand, roofline);
        benchShape("head", 256, 49152, 576, operand, roofline);
        benchShape("square", 2048, 2048, 2048, operand, roofline);
        benchShape("8B q", 512, 4096, 4096, operand, roofline);
        benchShape("8B down", 256, 4096, 14336, operand, roofline);
        benchShape("one token", 1, 49152, 576, operand, roofline);
        benchShape("one token", 1, 1536, 576, operand, roofline);
    }
    return 0;
}
