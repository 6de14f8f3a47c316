// The GPU's kernels at the shapes of a LLaMA-3-8B block, 2048 tokens at a time, against the measured bounds.
// Usage: cuda_bench [REPETITIONS]
#include "kernels/attention/attention.h"
#include "kernels/cuda/cuda_bench_tools.h"
#include "kernels/matmul/matmul.h"

namespace {

using namespace quantoscope::kernels;

constexpr std::int64_t kTokens = 2048;
constexpr std::int64_t kGramRows = 16 * kTokens;
constexpr std::int64_t kHidden = 4096;
constexpr std::int64_t kInner = 14336;
constexpr std::int64_t kVocabularyChunk = 16384;
constexpr std::int64_t kHeads = 32;
constexpr std::int64_t kHalf = 64;

/// Half of the square, as a Gram matrix needs; the share of the strips that is computed twice counts as loss.
void benchGram(CudaBench& bench, std::int64_t columns, const char* bfloat16_name, const char* float32_name) {
    const double gflop =
        static_cast<double>(kGramRows) * static_cast<double>(columns) * static_cast<double>(columns) * 1e-9;
    auto* const gram = bench.make<float>(columns * columns);
    const auto* const bits = bench.makeValues<std::uint16_t>(kGramRows * columns);
    const auto* const values = bench.makeValues<float>(kGramRows * columns);
    bench.row(bfloat16_name, gflop, bench.roofline().bfloat16_gflops, [=](const auto& cuda, auto* context) {
        return cuda.gramAddBfloat16(context, bits, kGramRows, columns, gram);
    });
    bench.row(float32_name, gflop, bench.roofline().tensor_float32_gflops, [=](const auto& cuda, auto* context) {
        return cuda.gramAddFloat32(context, values, kGramRows, columns, gram);
    });
    bench.row("gram mirror, GB", 4e-9 * static_cast<double>(columns * columns), bench.roofline().read_gigabytes_per_s,
              [=](const auto& cuda, auto* context) { return cuda.gramMirror(context, gram, columns); });
}

void benchMatmul(CudaBench& bench, std::int64_t rows, std::int64_t columns, const char* name) {
    const auto* const x = bench.makeValues<std::uint16_t>(kTokens * columns);
    const auto* const w = bench.makeValues<std::uint16_t>(rows * columns);
    auto* const y = bench.make<float>(kTokens * rows);
    const double gflop = 2e-9 * static_cast<double>(kTokens) * static_cast<double>(rows) * static_cast<double>(columns);
    bench.row(name, gflop, bench.roofline().bfloat16_gflops, [=](const auto& cuda, auto* context) {
        return cuda.matmulBfloat16(context, x, kTokens, w, rows, columns, y, MatmulOutput::store);
    });
}

void benchElementwise(CudaBench& bench) {
    const auto memory = bench.roofline().read_gigabytes_per_s;
    const auto* const gate = bench.makeValues<float>(kTokens * kInner);
    const auto* const up = bench.makeValues<float>(kTokens * kInner);
    auto* const bits = bench.make<std::uint16_t>(kTokens * kInner);
    const CudaRotaryTable table{bench.make<float>(kTokens * kHalf), bench.make<float>(kTokens * kHalf), kTokens, kHalf};
    const auto* const targets = bench.make<std::int32_t>(kTokens);
    auto* const running = bench.make<RunningSoftmax>(kTokens);
    bench.row("rms norm 2048 x 4096 to bfloat16, GB", 6e-9 * kTokens * kHidden, memory,
              [=](const auto& cuda, auto* context) {
                  return cuda.rmsNormBfloat16(context, gate, up, 1e-5F, kTokens, kHidden, bits);
              });
    bench.row(
        "rotary embedding 2048 x 32 heads, GB", 6e-9 * kTokens * kHidden, memory, [=](const auto& cuda, auto* context) {
            return cuda.rotaryEmbeddingBfloat16(context, gate, kHidden, kTokens, kHeads, &table, bits, kHidden, 0);
        });
    bench.row("silu multiply 2048 x 14336 to bfloat16, GB", 10e-9 * kTokens * kInner, memory,
              [=](const auto& cuda, auto* context) {
                  return cuda.siluMultiplyBfloat16(context, gate, up, kTokens * kInner, bits);
              });
    const auto* const logits = bench.makeValues<float>(kTokens * kVocabularyChunk);
    bench.row("token nll 2048 x 16384 logits, GB", 4e-9 * kTokens * kVocabularyChunk, memory,
              [=](const auto& cuda, auto* context) {
                  return cuda.updateSoftmax(context, logits, kTokens, kVocabularyChunk, 0, targets, running);
              });
}

/// A window of 2048 tokens at the heads of an 8B model: 4 operations for each query, key it sees and dimension.
void benchAttention(CudaBench& bench) {
    constexpr std::int64_t kKeyHeads = 8;
    const AttentionShape shape{1, kTokens, kTokens, kHeads, kKeyHeads, 2 * kHalf};
    constexpr double kGflop = 2e-9 * kHeads * 2 * kHalf * kTokens * (kTokens + 1);
    const auto run = [&]<typename Number>(const char* name, double bound, Number* out, auto launch) {
        const auto* const q = bench.makeValues<Number>(kTokens * kHeads * 2 * kHalf);
        const auto* const k = bench.makeValues<Number>(kTokens * kKeyHeads * 2 * kHalf);
        const auto* const v = bench.makeValues<Number>(kTokens * kKeyHeads * 2 * kHalf);
        bench.row(name, kGflop, bound,
                  [=](const auto& cuda, auto* context) { return (cuda.*launch)(context, &shape, q, k, v, out); });
    };
    run("attention 2048 x 32 heads of 128 bfloat16, GFLOP", bench.roofline().bfloat16_gflops,
        bench.make<std::uint16_t>(kTokens * kHidden), &CudaInterface::attentionBfloat16);
    run("attention 2048 x 32 heads of 128 float32, GFLOP", bench.roofline().float32_gflops,
        bench.make<float>(kTokens * kHidden), &CudaInterface::attentionFloat32);
}

}  // namespace

int main(int count, char** words) {
    if (cudaModule().functions == nullptr) return sayWhyNoGpu();
    CudaBench bench(repetitionsFrom(count, words));
    benchGram(bench, kHidden, "gram 32768 x 4096 bfloat16, GFLOP", "gram 32768 x 4096 TF32, GFLOP");
    benchGram(bench, kInner, "gram 32768 x 14336 bfloat16, GFLOP", "gram 32768 x 14336 TF32, GFLOP");
    benchMatmul(bench, kHidden, kHidden, "matmul 2048 x 4096 x 4096, GFLOP");
    benchMatmul(bench, 2 * kInner, kHidden, "matmul 2048 x 28672 x 4096, GFLOP");
    benchMatmul(bench, kHidden, kInner, "matmul 2048 x 4096 x 14336, GFLOP");
    benchElementwise(bench);
    benchAttention(bench);
    return 0;
}
