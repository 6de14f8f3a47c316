// The benchmarks, described so that the command line, the forms and the documentation list these rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/option.h"
#include "core/base/result.h"
#include "core/evaluation/choice/choice_item.h"

namespace quantoscope {

enum class BenchmarkKind { perplexity, multiple_choice };
std::string_view benchmarkKindName(BenchmarkKind kind);  ///< "perplexity", "multiple choice"

struct ScoreMetric {
    std::string id;     ///< "perplexity", "acc", "acc_norm"
    std::string label;  ///< "perplexity", "accuracy"
    std::string unit;   ///< "%": the value is a share from 0 to 1, shown times 100; empty: a plain number
    bool lower_is_better = true;
    std::string definition;
    std::string category = {};  ///< over the questions of this part of the benchmark only; empty: over all
};

struct BenchmarkDescription {
    std::string id;
    std::string label;
    BenchmarkKind kind = BenchmarkKind::perplexity;
    std::vector<ScoreMetric> metrics;        ///< the first is the benchmark's own, what papers print
    double chance = 0.0;                     ///< what guessing scores; 0: does not apply
    std::int64_t published_items = 0;        ///< in the published split; 0: does not apply
    std::string definition;                  ///< how the number is made
    std::string help;                        ///< which file it expects
    std::vector<std::string> file_names;     ///< what it is called in the release: looked for when a folder is given
    std::string folder_name;                 ///< a release of many files: the folder that holds them; empty: one file
    std::vector<OptionDescription> options;  ///< of an evaluation, by the recipe's keys

    /// Perplexity: from the file's UTF-8 text to the text that is tokenized.
    std::function<std::string(std::string_view file)> text;
    /// Multiple choice: the questions of a file or folder.
    std::function<Result<ChoiceSet>(const std::filesystem::path& data, const ChoiceSelection& selection,
                                    const JobContext& job)>
        load;
};

const std::vector<BenchmarkDescription>& benchmarks();
/// The error names the known ids and the nearest one.
Result<const BenchmarkDescription*> findBenchmark(std::string_view id);
/// The metric of this id, or null.
const ScoreMetric* findMetric(const BenchmarkDescription& benchmark, std::string_view id);

/// The arithmetic of the model, as evaluations and whole recipes offer it.
OptionDescription precisionOption();

/// The file to read: `data` itself, or in a folder the one that the release has there. The error says what is expected.
Result<std::filesystem::path> benchmarkFile(const BenchmarkDescription& benchmark, const std::filesystem::path& data);

/// Non-overlapping windows of `window` ids from the start; the rest is dropped. `limit` 0 takes all. A text shorter
/// than one window is an error that says how many tokens there are. The views live as long as `ids`.
Result<std::vector<std::span<const std::int32_t>>> perplexityWindows(std::span<const std::int32_t> ids,
                                                                     std::int64_t window, std::int64_t limit);

/// exp of the mean of the windows' mean negative log-likelihoods: every window weighs the same. NaN when any window is
/// NaN, infinity when the mean is infinite or exp overflows; NaN for no window at all.
double perplexity(std::span<const double> window_nll);

}  // namespace quantoscope
