// Likelihoods of 64 tokens from their logits over the vocabularies of SmolLM2 and of LLaMA-3. Work: bytes read.
#include "kernels/roofline/bench_report.h"
#include "kernels/token_nll/token_nll.h"

using namespace quantoscope::kernels;

int main() {
    const BenchReport report;
    constexpr std::int64_t kTokens = 64;
    for (const std::int64_t vocabulary : {49152, 128256}) {
        const auto logits = benchValues(kTokens * vocabulary, 4.0F);
        const std::vector<std::int32_t> targets(kTokens, 1000);
        std::vector<RunningSoftmax> running(kTokens, emptySoftmax());
        const auto work = bytes(4 * kTokens * vocabulary);
        const double plain = BenchReport::plainRate(work, [&] {
            updateSoftmaxReference(logits.data(), kTokens, vocabulary, 0, targets.data(), running.data());
        });
        report.row("updateSoftmax", shapeText({kTokens, vocabulary}), work, plain,
                   [&] { updateSoftmax(logits.data(), kTokens, vocabulary, 0, targets.data(), running.data()); });
    }
    return 0;
}
