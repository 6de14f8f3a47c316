#include "core/evaluation/benchmark.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/option.h"
#include "core/evaluation/text_protocol.h"

namespace quantoscope {

namespace {
constexpr const char* kWindows =
    " The text is tokenized in one piece with the tokenizer's special tokens and cut into windows that do not overlap; "
    "each window "
    "gives the mean negative log-likelihood of its tokens after the first; perplexity is exp of the mean over windows.";

BenchmarkDescription row(const char* id, const char* label, const std::string& text_rule, const char* help,
                         std::function<std::string(std::string_view)> text) {
    return {id, label, "perplexity", "", true, text_rule + kWindows, help, std::move(text)};
}

std::vector<BenchmarkDescription> makeBenchmarks() {
    return {
        row("wikitext2", "WikiText-2",
            "Rows of the raw test split, blank rows emptied, every other row with its newline, joined with two "
            "newlines.",
            "wiki.test.raw of WikiText-2 (raw, not the tokenized variant).", &wikitextRowsJoined),
        row("ptb", "Penn Treebank (validation)", "Stripped lines of the validation split joined with two newlines.",
            "ptb.valid.txt.", [](std::string_view file) { return strippedRowsJoined(file, "\n\n"); }),
        row("ptb-new", "Penn Treebank (test)", "Stripped lines of the test split joined with one space.",
            "ptb.test.txt.", [](std::string_view file) { return strippedRowsJoined(file, " "); }),
        row("text", "Text file", "The text of the file as it is.", "Any UTF-8 text file.",
            [](std::string_view file) { return std::string(file); }),
    };
}
}  // namespace

const std::vector<BenchmarkDescription>& benchmarks() {
    static const std::vector<BenchmarkDescription> kBenchmarks = makeBenchmarks();
    return kBenchmarks;
}

Result<const BenchmarkDescription*> findBenchmark(std::string_view id) {
    std::vector<std::string> known;
    std::string list;
    for (const BenchmarkDescription& benchmark : benchmarks()) {
        if (benchmark.id == id) return &benchmark;
        known.push_back(benchmark.id);
        list += (list.empty() ? "" : ", ") + benchmark.id;
    }
    const std::string nearest = nearestWord(id, known);
    const std::string hint = nearest.empty() ? std::string() : "; did you mean '" + nearest + "'?";
    return usageError("There is no benchmark '" + std::string(id) + "' (known: " + list + ")" + hint);
}

Result<std::vector<std::span<const std::int32_t>>> perplexityWindows(std::span<const std::int32_t> ids,
                                                                     std::int64_t window, std::int64_t limit) {
    if (window < 2) return usageError("A perplexity window needs at least 2 tokens.");
    if (limit < 0) return usageError("The number of windows cannot be negative (0 takes all).");
    const std::int64_t tokens = std::ssize(ids);
    std::int64_t count = tokens / window;
    if (count == 0) {
        return failure("The text has " + std::to_string(tokens) + " tokens, fewer than one window of " +
                       std::to_string(window) + "; use a longer text or a smaller window.");
    }
    if (limit > 0) count = std::min(count, limit);
    std::vector<std::span<const std::int32_t>> windows;
    windows.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) {
        windows.push_back(ids.subspan(static_cast<std::size_t>(i * window), static_cast<std::size_t>(window)));
    }
    return windows;
}

double perplexity(std::span<const double> window_nll) {
    if (window_nll.empty()) return std::numeric_limits<double>::quiet_NaN();
    double sum = 0.0;
    for (const double nll : window_nll) sum += nll;
    return std::exp(sum / static_cast<double>(window_nll.size()));
}

}  // namespace quantoscope
