#include "core/base/option_rows.h"
#include "core/evaluation/benchmark_rows.h"
#include "core/evaluation/choice/choice_formats.h"
#include "core/evaluation/choice/mmlu/mmlu.h"
#include "core/evaluation/choice/mmlu/mmlu_subjects.h"

namespace quantoscope {
namespace {

constexpr const char* kScoring =
    " Every choice is scored by the summed log-likelihood of its tokens after the context, zero-shot, without special "
    "tokens, as lm-evaluation-harness 0.3.0 does; ties go to the first choice.";

ScoreMetric accuracyMetric() {
    return {"acc", "accuracy", "%", false, "share of questions whose likeliest choice is the right one"};
}
ScoreMetric normalisedMetric() {
    return {"acc_norm", "normalised accuracy", "%", false,
            "the same with each choice's log-likelihood divided by its number of characters"};
}

OptionDescription encodingOption() {
    return choiceOptionRow(
        "encoding", "Encoding", "separate", {"separate", "joint"},
        "Context and choice are tokenized each on its own (harness 0.3.0, as in the study) or as one text (harness "
        "0.4).");
}

struct Published {
    double chance;
    std::int64_t items;
};

BenchmarkDescription row(const char* id, const char* label, Published published, const std::string& prompt,
                         const char* help, std::vector<std::string> file_names,
                         decltype(BenchmarkDescription::load) load) {
    BenchmarkDescription benchmark;
    benchmark.id = id;
    benchmark.label = label;
    benchmark.kind = BenchmarkKind::multiple_choice;
    benchmark.metrics = {accuracyMetric(), normalisedMetric()};
    benchmark.chance = published.chance;
    benchmark.published_items = published.items;
    benchmark.definition = prompt + kScoring;
    benchmark.help = help;
    benchmark.file_names = std::move(file_names);
    benchmark.options = {limitOption("questions", "Only the first questions are scored; 0: all."), encodingOption(),
                         precisionOption()};
    benchmark.load = std::move(load);
    return benchmark;
}

std::string arcPrompt(const char* set) {
    return std::string(set) + ": \"Question: … Answer:\" before the text of each choice.";
}

BenchmarkDescription mmluRow() {
    BenchmarkDescription benchmark;
    benchmark.id = "mmlu";
    benchmark.label = "MMLU";
    benchmark.kind = BenchmarkKind::multiple_choice;
    benchmark.metrics = {accuracyMetric()};
    for (const auto& category : mmluCategories())
        benchmark.metrics.push_back(
            {"acc_" + std::string(category.id), std::string(category.label), "%", false,
             "accuracy over the questions of the category's " + std::to_string(category.subjects.size()) + " subjects",
             std::string(category.id)});
    benchmark.chance = 0.25;
    benchmark.published_items = 14042;
    benchmark.definition =
        "Test questions of 57 subjects, each after a header and solved examples (five in the study; fewer where the "
        "prompt "
        "would exceed 2048 tokens), as the authors' script puts them. The likeliest of the four letters after "
        "\"Answer:\" is "
        "the pick; accuracies are over questions, not means over subjects.";
    benchmark.help = "the release's folder with test/ and dev/, or one <subject>_test.csv.";
    benchmark.folder_name = "test";
    benchmark.options = {
        limitOption("questions", "Only the first questions of each subject are scored; 0: all."),
        integerOptionRow("shots", "Examples", {5, 0, 20}, "",
                         "Solved questions of the subject's dev file before each question."),
        choiceOptionRow(
            "encoding", "Letters", "separate", {"separate", "joint"},
            "The letter tokenized on its own (the authors' script, as in the study) or as it follows \"Answer:\", "
            "with the space (harness 0.4); the same for SentencePiece, not for LLaMA-3."),
        booleanOptionRow(
            "as_written", "Cells as written", false,
            "Prompts with the files' own cells; off: as pandas prints them (None becomes nan, 0.50 becomes 0.5), "
            "which is what the authors' script reads."),
        precisionOption()};
    benchmark.load = &loadMmlu;
    return benchmark;
}

}  // namespace

void addChoiceBenchmarks(std::vector<BenchmarkDescription>& rows) {
    rows.push_back(row("piqa", "PIQA", {0.5, 1838},
                       "Validation set: \"Question: … Answer:\" before each of the two solutions.",
                       "valid.jsonl of PIQA (or dev.jsonl), with valid-labels.lst beside it; or their folder.",
                       {"valid.jsonl", "dev.jsonl"}, &loadPiqa));
    rows.push_back(row("arc_easy", "ARC-Easy", {0.25, 2376}, arcPrompt("Test set"),
                       "ARC-Easy-Test.jsonl of ARC-V1-Feb2018, or its folder.",
                       {"ARC-Easy-Test.jsonl", "ARC-Easy/ARC-Easy-Test.jsonl"}, &loadArc));
    rows.push_back(row("arc_challenge", "ARC-Challenge", {0.25, 1172}, arcPrompt("Test set"),
                       "ARC-Challenge-Test.jsonl of ARC-V1-Feb2018, or its folder.",
                       {"ARC-Challenge-Test.jsonl", "ARC-Challenge/ARC-Challenge-Test.jsonl"}, &loadArc));
    rows.push_back(row("hellaswag", "HellaSwag", {0.25, 10042},
                       "Validation set: activity and beginning before each of the four endings.",
                       "hellaswag_val.jsonl, or its folder.", {"hellaswag_val.jsonl"}, &loadHellaSwag));
    rows.push_back(row("winogrande", "WinoGrande", {0.5, 1267},
                       "Development set: which of two names before the blank makes the rest of the sentence likelier.",
                       "dev.jsonl of winogrande_1.1, or its folder.", {"dev.jsonl"}, &loadWinoGrande));
    rows.back().metrics.pop_back();  // the ending is the same for both names
    rows.push_back(mmluRow());
}

}  // namespace quantoscope
