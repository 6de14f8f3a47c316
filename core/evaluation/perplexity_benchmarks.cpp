#include "core/evaluation/benchmark_rows.h"
#include "core/evaluation/text_protocol.h"

namespace quantoscope {
namespace {

constexpr const char* kWindows =
    " The text is tokenized in one piece with the tokenizer's special tokens and cut into windows that do not overlap; "
    "each window gives the mean negative log-likelihood of its tokens after the first; perplexity is exp of the mean "
    "over windows.";

OptionDescription windowOption() {
    OptionDescription option;
    option.id = "window";
    option.label = "Window";
    option.default_value = std::int64_t{2048};
    option.minimum = std::int64_t{2};
    option.maximum = std::int64_t{1'000'000};
    option.unit = "tokens";
    option.help = "The text is cut into windows of this many tokens.";
    return option;
}

BenchmarkDescription row(const char* id, const char* label, const std::string& text_rule, const char* help,
                         std::vector<std::string> file_names, std::function<std::string(std::string_view)> text) {
    BenchmarkDescription benchmark;
    benchmark.id = id;
    benchmark.label = label;
    benchmark.kind = BenchmarkKind::perplexity;
    benchmark.metrics = {{"perplexity", "perplexity", "", true, "exp of the mean negative log-likelihood of a token"}};
    benchmark.definition = text_rule + kWindows;
    benchmark.help = help;
    benchmark.file_names = std::move(file_names);
    benchmark.options = {windowOption(),
                         limitOption("windows", "Only the first windows are scored; 0: the whole text."),
                         precisionOption()};
    benchmark.text = std::move(text);
    return benchmark;
}

}  // namespace

void addPerplexityBenchmarks(std::vector<BenchmarkDescription>& rows) {
    rows.push_back(row("wikitext2", "WikiText-2",
                       "Rows of the raw test split, blank rows emptied, every other row with its newline, joined with "
                       "two newlines.",
                       "wiki.test.raw of WikiText-2 (raw, not the tokenized variant).", {"wiki.test.raw"},
                       &wikitextRowsJoined));
    rows.push_back(row("ptb", "Penn Treebank (validation)",
                       "Stripped lines of the validation split joined with two newlines.", "ptb.valid.txt.",
                       {"ptb.valid.txt"}, [](std::string_view file) { return strippedRowsJoined(file, "\n\n"); }));
    rows.push_back(row("ptb-new", "Penn Treebank (test)", "Stripped lines of the test split joined with one space.",
                       "ptb.test.txt.", {"ptb.test.txt"},
                       [](std::string_view file) { return strippedRowsJoined(file, " "); }));
    rows.push_back(row("text", "Text file", "The text of the file as it is.", "Any UTF-8 text file.", {},
                       [](std::string_view file) { return std::string(file); }));
}

}  // namespace quantoscope
