// The conversions of a gate projection of SmolLM2 and of a square of an 8B model. Work: bytes read and written.
#include "kernels/convert_float/convert_float.h"
#include "kernels/roofline/bench_report.h"

using namespace quantoscope::kernels;

int main() {
    const BenchReport report;
    for (const auto& [rows, columns] : {std::pair<std::int64_t, std::int64_t>{1536, 576}, {4096, 4096}}) {
        auto values = benchValues(rows * columns);
        const auto count = values.size();
        std::vector<std::uint16_t> bits(count, 0x3c01);
        const auto row = [&](const char* name, std::size_t bytes_per_value, auto plain, auto fast) {
            const auto work = bytes(bytes_per_value * count);
            report.row(name, shapeText({rows, columns}), work, BenchReport::plainRate(work, plain), fast);
        };
        float* const v = values.data();
        std::uint16_t* const b = bits.data();
        row(
            "bfloat16ToFloat", 6, [=] { reference::bfloat16ToFloat(b, v, count); },
            [=] { bfloat16ToFloat(b, v, count); });
        row("halfToFloat", 6, [=] { reference::halfToFloat(b, v, count); }, [=] { halfToFloat(b, v, count); });
        row(
            "floatToBfloat16", 6, [=] { reference::floatToBfloat16(v, b, count); },
            [=] { floatToBfloat16(v, b, count); });
        row("floatToHalf", 6, [=] { reference::floatToHalf(v, b, count); }, [=] { floatToHalf(v, b, count); });
        row("roundToBfloat16", 8, [=] { reference::roundToBfloat16(v, count); }, [=] { roundToBfloat16(v, count); });
    }
    return 0;
}
