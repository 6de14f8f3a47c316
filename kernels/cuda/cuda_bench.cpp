// The GPU's kernels at the shapes of a LLaMA-3-8B block, 2048 tokens at a time, against the measured bounds.
// Usage: cuda_bench [REPETITIONS]
#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <type_traits>
#include <vector>

#include "kernels/cuda/cuda_module.h"
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

void demand(const CudaStatus& status) {
    if (status.status == KernelStatus::ok) return;
    std::fprintf(stderr, "%s: %s\n", status.operation, status.reason);
    std::exit(1);
}

class Bench {
public:
    explicit Bench(int repetitions) : cuda_(*cudaModule().functions), repetitions_(repetitions) {
        CudaDevice device;
        demand(cuda_.describeDevice(0, &device));
        demand(cuda_.createContext(0, &context_));
        demand(cuda_.measureRoofline(context_, repetitions, &roofline_));
        std::printf("%s: float32 %.0f, TF32 %.0f, bfloat16 %.0f GFLOP/s, memory %.0f, upload %.1f GB/s\n", device.name,
                    roofline_.float32_gflops, roofline_.tensor_float32_gflops, roofline_.bfloat16_gflops,
                    roofline_.read_gigabytes_per_s, roofline_.upload_gigabytes_per_s);
    }
    ~Bench() { cuda_.destroyContext(context_); }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    /// Zeroed memory, kept until the end.
    template <typename Element>
    Element* make(std::int64_t count) {
        void* memory = nullptr;
        const auto bytes = static_cast<std::uint64_t>(count) * sizeof(Element);
        demand(cuda_.allocate(context_, bytes, &memory));
        demand(cuda_.fillWithZero(context_, memory, bytes));
        return static_cast<Element*>(memory);
    }

    /// The same with values without pattern in [1, 2): zeros would run cooler, and faster, than a model's numbers.
    template <typename Element>
    Element* makeValues(std::int64_t count) {
        auto* const memory = make<Element>(count);
        std::vector<Element> values(static_cast<std::size_t>(std::min(count, kPattern)));
        std::uint32_t state = 1;
        for (auto& value : values) {
            state = state * 1664525U + 1013904223U;
            const std::uint32_t bits = 0x3f800000U | state >> 9U;
            if constexpr (std::is_same_v<Element, float>)
                value = std::bit_cast<float>(bits);
            else
                value = static_cast<Element>(bits >> 16U);
        }
        for (std::int64_t first = 0; first < count; first += kPattern) {
            const auto bytes = static_cast<std::uint64_t>(std::min(count - first, kPattern)) * sizeof(Element);
            demand(cuda_.copyToDevice(context_, memory + first, values.data(), bytes));
        }
        demand(cuda_.synchronize(context_));
        return memory;
    }

    /// Times ten launches behind one another; `work` in GFLOP or GB, `bound` in the same a second.
    template <typename Launch>
    void row(const char* name, double work, double bound, Launch&& launch) {
        constexpr int kLaunches = 10;
        demand(launch(cuda_, context_));
        demand(cuda_.synchronize(context_));
        double best = 1e30;
        for (int i = 0; i < repetitions_; ++i) {
            const auto start = std::chrono::steady_clock::now();
            for (int n = 0; n < kLaunches; ++n) demand(launch(cuda_, context_));
            demand(cuda_.synchronize(context_));
            const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
            best = std::min(best, taken.count() / kLaunches);
        }
        std::printf("%-44s %9.3f ms %10.0f /s %5.0f %% of bound\n", name, best * 1e3, work / best,
                    bound > 0.0 ? 100.0 * work / best / bound : 0.0);
    }
    const CudaRoofline& roofline() const { return roofline_; }

private:
    static constexpr std::int64_t kPattern = (std::int64_t{1} << 24) + 1;  // odd, so that rows differ
    const CudaInterface& cuda_;
    CudaContext* context_ = nullptr;
    CudaRoofline roofline_;
    int repetitions_;
};

/// Half of the square, as a Gram matrix needs; the share of the strips that is computed twice counts as loss.
void benchGram(Bench& bench, std::int64_t columns, const char* bfloat16_name, const char* float32_name) {
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

void benchMatmul(Bench& bench, std::int64_t rows, std::int64_t columns, const char* name) {
    const auto* const x = bench.makeValues<std::uint16_t>(kTokens * columns);
    const auto* const w = bench.makeValues<std::uint16_t>(rows * columns);
    auto* const y = bench.make<float>(kTokens * rows);
    const double gflop = 2e-9 * static_cast<double>(kTokens) * static_cast<double>(rows) * static_cast<double>(columns);
    bench.row(name, gflop, bench.roofline().bfloat16_gflops, [=](const auto& cuda, auto* context) {
        return cuda.matmulBfloat16(context, x, kTokens, w, rows, columns, y, MatmulOutput::store);
    });
}

void benchElementwise(Bench& bench) {
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

}  // namespace

int main(int count, char** words) {
    const auto& module = cudaModule();
    if (module.functions == nullptr) {
        std::printf("No GPU here: %s\n", module.cause.c_str());
        return 0;
    }
    Bench bench(count > 1 ? std::max(1, std::atoi(words[1])) : 5);
    benchGram(bench, kHidden, "gram 32768 x 4096 bfloat16, GFLOP", "gram 32768 x 4096 TF32, GFLOP");
    benchGram(bench, kInner, "gram 32768 x 14336 bfloat16, GFLOP", "gram 32768 x 14336 TF32, GFLOP");
    benchMatmul(bench, kHidden, kHidden, "matmul 2048 x 4096 x 4096, GFLOP");
    benchMatmul(bench, 2 * kInner, kHidden, "matmul 2048 x 28672 x 4096, GFLOP");
    benchMatmul(bench, kHidden, kInner, "matmul 2048 x 4096 x 14336, GFLOP");
    benchElementwise(bench);
    return 0;
}
