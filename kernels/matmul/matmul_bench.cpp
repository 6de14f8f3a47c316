// Products with packed weights at the shapes of SmolLM2 and of an 8B model, tokens x outputs x inputs; for one token,
// where the weights are read once, the bound is memory.
#include "kernels/convert_float/convert_float.h"
#include "kernels/matmul/matmul.h"
#include "kernels/roofline/bench_report.h"

using namespace quantoscope::kernels;

namespace {

struct Shape {
    const char* name;
    std::int64_t tokens, rows, columns;
};
constexpr Shape kShapes[] = {{"q", 2048, 576, 576},
                             {"k", 2048, 192, 576},
                             {"gate", 2048, 1536, 576},
                             {"down", 2048, 576, 1536},
                             {"head", 256, 49152, 576},
                             {"square", 2048, 2048, 2048},
                             {"8B q", 512, 4096, 4096},
                             {"8B down", 256, 4096, 14336},
                             {"head, one token", 1, 49152, 576},
                             {"gate, one token", 1, 1536, 576}};

void benchShape(const BenchReport& report, const Shape& shape, MatmulOperand operand) {
    const auto [name, tokens, rows, columns] = shape;
    const bool wide = operand == MatmulOperand::float32;
    const auto weights = benchValues(rows * columns);
    const auto x = benchValues(tokens * columns);
    std::vector<std::uint16_t> rounded(x.size());
    floatToBfloat16(x.data(), rounded.data(), x.size());
    std::vector<float> y(static_cast<std::size_t>(tokens * rows));
    PackedMatrix packed;
    if (PackedMatrix::pack(weights.data(), rows, columns, operand, packed) != KernelStatus::ok) return;
    const auto work = tokens == 1 ? bytes(packed.bytes()) : flop(2 * tokens * rows * columns);
    constexpr std::int64_t kPlainRows = 64;
    const auto plain_work =
        tokens == 1 ? bytes(packed.bytes() / static_cast<double>(rows) * kPlainRows) : flop(2 * kPlainRows * columns);
    const double plain = BenchReport::plainRate(
        plain_work, [&] { matmulReference(x.data(), 1, weights.data(), kPlainRows, columns, operand, y.data()); });
    report.row((std::string(name) + (wide ? ", float32" : ", bfloat16")).c_str(), shapeText({tokens, rows, columns}),
               work, plain, [&] {
                   (void)(wide ? matmul(x.data(), tokens, packed, y.data())
                               : matmul(rounded.data(), tokens, packed, y.data()));
               });
}

/// Bytes read as float32 and written as the panels hold them.
void benchPacking(const BenchReport& report, MatmulOperand operand) {
    constexpr std::int64_t kRows = 1536;
    constexpr std::int64_t kColumns = 576;
    const bool wide = operand == MatmulOperand::float32;
    const auto weights = benchValues(kRows * kColumns);
    PackedMatrix packed;
    report.row(wide ? "pack, float32" : "pack, bfloat16", shapeText({kRows, kColumns}),
               bytes(kRows * kColumns * (wide ? 8 : 6)), 0.0,
               [&] { (void)PackedMatrix::pack(weights.data(), kRows, kColumns, operand, packed); });
}

}  // namespace

int main() {
    const BenchReport report;
    for (const auto operand : {MatmulOperand::bfloat16, MatmulOperand::float32}) benchPacking(report, operand);
    for (const auto operand : {MatmulOperand::bfloat16, MatmulOperand::float32})
        for (const auto& shape : kShapes) benchShape(report, shape, operand);
    return 0;
}
