// Causal attention over windows of 2048 tokens at the heads of SmolLM2 (9 of 64, 3 for keys and values) and of an 8B
// model (32 of 128, 8), and one new token after 2047. Work: 4 operations for each query, key it sees and dimension;
// of the new token the bytes of keys and values (held as float32). Then questions: trunks of 96 tokens with four
// branches of 24, as multiple choice has them.
#include "kernels/attention/attention.h"
#include "kernels/convert_float/convert_float.h"
#include "kernels/roofline/bench_report.h"

using namespace quantoscope::kernels;

namespace {

constexpr std::int64_t kWindow = 2048;

struct Heads {
    const char* name;
    std::int64_t count, kv_count, dim;
};

BenchWork work(const Heads& heads, std::int64_t tokens) {
    return flop(2 * heads.count * heads.dim * tokens * (tokens + 1));
}
AttentionShape shapeOf(const Heads& heads, std::int64_t queries, std::int64_t keys) {
    return {1, queries, keys, heads.count, heads.kv_count, heads.dim};
}

void benchHeads(const BenchReport& report, const Heads& heads) {
    const auto q = benchValues(kWindow * heads.count * heads.dim);
    const auto k = benchValues(kWindow * heads.kv_count * heads.dim);
    std::vector<std::uint16_t> q_bits(q.size()), k_bits(k.size()), out_bits(q.size());
    floatToBfloat16(q.data(), q_bits.data(), q.size());
    floatToBfloat16(k.data(), k_bits.data(), k.size());
    std::vector<float> out(q.size());
    constexpr std::int64_t kPlain = 128;
    const double plain = BenchReport::plainRate(work(heads, kPlain), [&] {
        attentionReference(shapeOf(heads, kPlain, kPlain), q.data(), k.data(), k.data(), out.data());
    });
    const auto window = shapeOf(heads, kWindow, kWindow);
    const auto name = [&](const char* what) { return std::string(heads.name) + what; };
    const auto text = shapeText({kWindow, heads.count, heads.dim});
    report.row(name(" float32").c_str(), text, work(heads, kWindow), plain,
               [&] { (void)attention(window, q.data(), k.data(), k.data(), out.data()); });
    report.row(name(" bfloat16").c_str(), text, work(heads, kWindow), plain,
               [&] { (void)attention(window, q_bits.data(), k_bits.data(), k_bits.data(), out_bits.data()); });
    KeyValuePanels panels;
    if (panels.reset(heads.kv_count, heads.dim, kWindow) != KernelStatus::ok) return;
    panels.append(k.data(), heads.kv_count * heads.dim, k.data(), heads.kv_count * heads.dim, kWindow);
    report.row(name(" one token").c_str(), shapeText({1, heads.count, heads.dim}),
               bytes(8 * kWindow * heads.kv_count * heads.dim), 0.0,
               [&] { (void)attention(shapeOf(heads, 1, kWindow), q.data(), panels, out.data()); });
}

void benchBranches(const BenchReport& report, const Heads& heads) {
    constexpr std::int64_t kQuestions = 32;
    constexpr std::int64_t kTrunk = 96;
    constexpr std::int64_t kBranch = 24;
    const std::vector<std::int64_t> branches(4, kBranch);
    const auto tokens_each = kTrunk + 4 * kBranch;
    std::vector<BranchedSequence> questions;
    for (std::int64_t i = 0; i < kQuestions; ++i) questions.push_back({i * tokens_each, kTrunk, branches});
    const auto tokens = kQuestions * tokens_each;
    const auto q = benchValues(tokens * heads.count * heads.dim);
    const auto k = benchValues(tokens * heads.kv_count * heads.dim);
    std::vector<float> out(q.size());
    const auto seen = kTrunk * (kTrunk + 1) / 2 + 4 * (kBranch * kTrunk + kBranch * (kBranch + 1) / 2);
    report.row((std::string(heads.name) + " 32 questions").c_str(), shapeText({tokens, heads.count, heads.dim}),
               flop(4 * kQuestions * heads.count * heads.dim * seen), 0.0, [&] {
                   (void)attention(shapeOf(heads, tokens, tokens), questions, q.data(), k.data(), k.data(), out.data());
               });
}

}  // namespace

int main() {
    const BenchReport report;
    benchHeads(report, {"SmolLM2", 9, 3, 64});
    benchHeads(report, {"8B", 32, 8, 128});
    benchBranches(report, {"SmolLM2", 9, 3, 64});
    benchBranches(report, {"8B", 32, 8, 128});
    return 0;
}
