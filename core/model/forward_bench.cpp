// Forward pass and generation of a real model beside the roofline of the machine, best of five.
//   forward_bench MODEL [windows = 1]
// Windows of 2048 tokens with all logits, bfloat16. A phase's bound is its operations at the measured matrix product
// rate.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "core/formats/model_files.h"
#include "core/model/language_model.h"
#include "kernels/attention/attention.h"
#include "kernels/roofline/bench_clock.h"
#include "kernels/roofline/roofline.h"

using namespace quantoscope;
using kernels::benchSeconds;

namespace {

constexpr std::int64_t kWindow = 2048;
constexpr int kRuns = 5;

enum Phase { kRead, kNorm, kQkv, kAttention, kO, kGateUp, kDown, kHead, kPhases };
constexpr std::array<const char*, kPhases> kNames{"read+pack", "norm",    "qkv+rope", "attention",
                                                  "o+norm",    "gate+up", "down",     "norm+head+nll"};
using Times = std::array<double, kPhases>;

double total(const Times& times) {
    double sum = 0.0;
    for (const double time : times) sum += time;
    return sum;
}

double attentionSeconds(const ModelConfig& config, std::int64_t windows) {
    kernels::AttentionShape shape{windows, kWindow, kWindow, config.head_count, config.kv_head_count, config.head_dim};
    const std::vector<std::uint16_t> q(
        static_cast<std::size_t>(windows * kWindow * config.head_count * config.head_dim), 0x3d80);
    std::vector<std::uint16_t> out(q.size());
    return kernels::bestSeconds(kRuns,
                                [&] { (void)kernels::attention(shape, q.data(), q.data(), q.data(), out.data()); });
}

/// One pass; times are taken where the block shows its sites.
Result<Times> timedPass(const WeightSource& weights, const std::vector<std::vector<std::int32_t>>& ids,
                        double attention) {
    Times times{};
    JobContext job;
    QS_ASSIGN(auto hidden, embedTokens(weights, ids));
    for (std::int64_t i = 0; i < weights.config().block_count; ++i) {
        double last = benchSeconds();
        const auto lap = [&](Phase phase) {
            const double now = benchSeconds();
            times[phase] += now - last;
            last = now;
        };
        QS_ASSIGN(const auto block, DecoderBlock::load(weights, i, Precision::bfloat16));
        lap(kRead);
        constexpr std::array<Phase, 4> kBefore{kNorm, kQkv, kO, kGateUp};
        const SiteObserver observer = [&](const SiteInput& site) -> Status {
            lap(kBefore[static_cast<std::size_t>(site.site)]);
            return {};
        };
        QS_TRY(block.forward(hidden, &hidden, observer, job));
        lap(kDown);
        times[kQkv] -= attention;
        times[kAttention] += attention;
    }
    const double start = benchSeconds();
    QS_ASSIGN(const auto nll, nextTokenNll(weights, hidden, ids, Precision::bfloat16, job));
    times[kHead] = benchSeconds() - start;
    return times;
}

Times operationsPerToken(const ModelConfig& config) {
    const auto product = [&](LinearRole role) {
        return 2.0 * static_cast<double>(linearRows(config, role) * linearColumns(config, role) * config.block_count);
    };
    Times operations{};
    operations[kQkv] = product(LinearRole::q_proj) + product(LinearRole::k_proj) + product(LinearRole::v_proj);
    operations[kAttention] =
        4.0 * static_cast<double>(config.head_count * config.head_dim * config.block_count) * (kWindow + 1) / 2.0;
    operations[kO] = product(LinearRole::o_proj);
    operations[kGateUp] = product(LinearRole::gate_proj) + product(LinearRole::up_proj);
    operations[kDown] = product(LinearRole::down_proj);
    operations[kHead] = 2.0 * static_cast<double>(config.vocab_size * config.hidden_size);
    return operations;
}

void printPass(const ModelConfig& config, const Times& times, std::int64_t windows, const kernels::Roofline& roofline) {
    const auto tokens = static_cast<double>(windows * kWindow);
    const auto operations = operationsPerToken(config);
    const double seconds = total(times);
    std::printf("%.0f tokens in %.3f s: %.0f tokens/s, %.1f %% of the bfloat16 rate (%.3f GFLOP a token)\n", tokens,
                seconds, tokens / seconds,
                100.0 * total(operations) * tokens * 1e-9 / roofline.bfloat16_gflops / seconds,
                total(operations) * 1e-9);
    for (int phase = 0; phase < kPhases; ++phase) {
        const auto i = static_cast<std::size_t>(phase);
        std::printf("  %-14s %8.1f ms  %5.1f %%", kNames[i], times[i] * 1e3, 100.0 * times[i] / seconds);
        if (operations[i] > 0.0)
            std::printf("  %7.1f GFLOP/s  %5.1f %% of the bfloat16 rate", operations[i] * tokens / times[i] * 1e-9,
                        100.0 * operations[i] * tokens * 1e-9 / roofline.bfloat16_gflops / times[i]);
        std::printf("\n");
    }
}

void printGeneration(const WeightSource& weights, const kernels::Roofline& roofline) {
    GenerationRequest request;
    request.prompt_ids.assign(16, 100);
    request.max_new_tokens = 33;
    request.stop_at_eos = false;
    double bytes = 0.0;
    for (const auto& tensor : expectedTensors(weights.config())) {
        double elements = tensor.shape.size() == 2 ? 2.0 : 4.0;
        for (const auto side : tensor.shape) elements *= static_cast<double>(side);
        if (tensor.name != "model.embed_tokens.weight" || weights.config().tie_word_embeddings) bytes += elements;
    }
    double best = 1e30;
    for (int run = 0; run < kRuns; ++run) {
        double last = 0.0;
        double spent = 0.0;
        request.on_token = [&](std::int32_t) {
            const double now = benchSeconds();
            if (last > 0.0) spent += now - last;
            last = now;
        };
        JobContext job;
        if (!generate(weights, request, job)) return;
        best = std::min(best, spent);
    }
    const double rate = static_cast<double>(request.max_new_tokens - 1) / best;
    std::printf("generation %.1f tokens/s, %.2f GB/s of weights, %.1f %% of the memory rate\n", rate,
                rate * bytes * 1e-9, 100.0 * rate * bytes * 1e-9 / roofline.read_gigabytes_per_s);
}

int bench(const char* path, std::int64_t windows) {
    const auto files = ModelFiles::open(path);
    const auto weights = files ? (*files)->weights(WeightDType::bfloat16) : std::unexpected(files.error());
    if (!weights) {
        std::fprintf(stderr, "%s\n", weights.error().message.c_str());
        return 1;
    }
    const auto roofline = kernels::measureRoofline(3);
    std::printf("threads %d   float32 %.1f GFLOP/s   bfloat16 %.1f GFLOP/s   memory %.1f GB/s\n", roofline.threads,
                roofline.float32_gflops, roofline.bfloat16_gflops, roofline.read_gigabytes_per_s);
    const auto& config = (*weights)->config();
    std::vector<std::vector<std::int32_t>> ids(static_cast<std::size_t>(windows), std::vector<std::int32_t>(kWindow));
    std::int64_t next = 1;
    for (auto& window : ids)
        for (auto& id : window)
            id = static_cast<std::int32_t>(next = next * 48271 % 2147483647) %
                 static_cast<std::int32_t>(config.vocab_size);
    const double attention = attentionSeconds(config, windows);
    std::optional<Times> best;
    for (int run = 0; run < kRuns; ++run) {
        const auto times = timedPass(**weights, ids, attention);
        if (!times) {
            std::fprintf(stderr, "%s\n", times.error().message.c_str());
            return 1;
        }
        if (!best || total(*times) < total(*best)) best = *times;
    }
    printPass(config, *best, windows, roofline);
    printGeneration(**weights, roofline);
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 2) {
        std::fprintf(stderr, "usage: forward_bench MODEL [WINDOWS]\n");
        return 2;
    }
    return bench(arguments[1], count > 2 ? std::max(1L, std::atol(arguments[2])) : 1);
}
