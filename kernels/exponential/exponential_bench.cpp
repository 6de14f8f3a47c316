// exp of as many values as SmolLM2's activation takes for 2048 tokens, and of one attention row; this kernel alone runs
// on one thread (its callers share the work). Work: bytes read and written.
#include "kernels/exponential/exponential.h"
#include "kernels/roofline/bench_report.h"

using namespace quantoscope::kernels;

int main() {
    const BenchReport report;
    for (const std::int64_t count : {std::int64_t{2048}, std::int64_t{2048} * 1536}) {
        const auto x = benchValues(count, 4.0F);
        std::vector<float> y(x.size());
        const double plain =
            BenchReport::plainRate(bytes(8 * count), [&] { exponentialReference(x.data(), count, y.data()); });
        report.row("exponential", shapeText({count}), bytes(8 * count), plain,
                   [&] { exponential(x.data(), count, y.data()); });
    }
    return 0;
}
