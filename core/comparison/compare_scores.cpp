#include "core/comparison/compare_scores.h"

#include <algorithm>
#include <string>

#include "core/evaluation/benchmark.h"

namespace quantoscope {
namespace {

constexpr double kSignificance = 0.05;
constexpr const char* kNormalised = "acc_norm";

/// A hash is told by its beginning.
std::string shortText(const std::string& value) {
    constexpr std::size_t kMost = 16;
    return value.size() <= kMost ? value : value.substr(0, 8) + "…";
}

std::string inWords(const std::string& key) {
    if (key == "text_sha256" || key == "data_sha256") return "data file (SHA-256)";
    if (key == "items") return "number of questions";
    if (key == "windows") return "number of windows";
    return key;
}

std::string valueOf(const Score& score, const std::string& key) {
    const auto found = score.protocol.find(key);
    return found == score.protocol.end() ? "not noted" : shortText(found->second);
}

/// The part of the benchmark's questions that the metric is about; empty: all.
std::string categoryOf(const Score& score) {
    const auto benchmark = findBenchmark(score.benchmark);
    const auto* metric = benchmark ? findMetric(**benchmark, score.metric) : nullptr;
    return metric != nullptr ? metric->category : std::string();
}

/// The number of questions is that of the part.
bool sameButForItems(std::map<std::string, std::string> one, std::map<std::string, std::string> other) {
    one.erase("items");
    other.erase("items");
    return one == other;
}

/// The score that the answers are kept with: those of a part are kept with the whole. Null: they were not kept.
const Score* keeperOf(std::span<const Score> scores, const Score& score) {
    const bool is_part = !categoryOf(score).empty();
    const auto keeps = [&](const Score& other) {
        return !other.items.empty() && other.benchmark == score.benchmark &&
               (is_part ? sameButForItems(other.protocol, score.protocol) : other.protocol == score.protocol);
    };
    const auto found = std::ranges::find_if(scores, keeps);
    return found == scores.end() ? nullptr : &*found;
}

struct Picks {
    std::vector<std::int64_t> gold;
    std::vector<std::int64_t> picks;
};
Picks picksOf(const std::vector<ChoiceResult>& answers, const Score& score) {
    Picks result;
    for (const auto& answer : answers) {
        result.gold.push_back(answer.gold);
        result.picks.push_back(pickFor(score, answer));
    }
    return result;
}

Result<ScoreComparison> compareAnswers(const std::vector<ChoiceResult>& baseline_answers, const Score& baseline,
                                       const std::vector<ChoiceResult>& run_answers, const Score& run) {
    const auto before = picksOf(baseline_answers, baseline);
    const auto after = picksOf(run_answers, run);
    if (before.gold.size() == after.gold.size() && before.gold != after.gold)
        return failure("the right answers of the two runs differ: they are not of the same questions");
    ScoreComparison result;
    QS_ASSIGN(result.picks, comparePicks(after.gold, before.picks, after.picks));
    result.difference = result.picks->difference;
    result.interval = result.picks->difference_interval;
    result.distinguishable = result.picks->p_value < kSignificance;
    return result;
}

}  // namespace

std::vector<ChoiceResult> answersOf(std::span<const Score> scores, const Score& score) {
    const auto* keeper = keeperOf(scores, score);
    if (keeper == nullptr) return {};
    auto answers = keeper->items;
    if (const auto category = categoryOf(score); !category.empty())
        std::erase_if(answers, [&](const ChoiceResult& answer) { return answer.category != category; });
    return answers;
}

Result<std::vector<QuestionText>> questionsOf(const std::filesystem::path& run_folder, std::span<const Score> scores,
                                              const Score& score) {
    const auto* keeper = keeperOf(scores, score);
    QS_ASSIGN(auto questions, readQuestions(run_folder, keeper != nullptr ? *keeper : score));
    if (const auto category = categoryOf(score); !category.empty())
        std::erase_if(questions, [&](const QuestionText& question) { return question.category != category; });
    return questions;
}

std::int64_t pickFor(const Score& score, const ChoiceResult& answer) {
    return score.metric == kNormalised ? normalisedPickOf(answer) : pickOf(answer);
}

Status checkComparable(const Score& baseline, const Score& run) {
    if (baseline.benchmark != run.benchmark || baseline.metric != run.metric)
        return failure("'" + baseline.benchmark + " " + baseline.metric + "' and '" + run.benchmark + " " + run.metric +
                       "' are different scores: compare the same one");
    auto keys = baseline.protocol;
    keys.insert(run.protocol.begin(), run.protocol.end());
    for (const auto& [key, value] : keys) {
        const auto before = baseline.protocol.find(key);
        const auto after = run.protocol.find(key);
        // The arithmetic is a property of the run, not of the questions.
        if (key == "precision" ||
            (before != baseline.protocol.end() && after != run.protocol.end() && before->second == after->second))
            continue;
        return failure("the " + inWords(key) + " differs (baseline " + valueOf(baseline, key) + ", run " +
                       valueOf(run, key) + "): evaluate both in the same way to compare them");
    }
    return {};
}

Result<ScoreComparison> compareScores(std::span<const Score> baseline_scores, const Score& baseline,
                                      std::span<const Score> run_scores, const Score& run) {
    QS_TRY(checkComparable(baseline, run));
    const auto before = answersOf(baseline_scores, baseline);
    const auto after = answersOf(run_scores, run);
    if (!before.empty() && !after.empty()) return compareAnswers(before, baseline, after, run);
    if (baseline.window_nll.empty() || run.window_nll.empty())
        return failure("no results by window or question are kept: evaluate both runs again");
    ScoreComparison result;
    QS_ASSIGN(result.perplexity, comparePerplexity(baseline.window_nll, run.window_nll));
    result.difference = result.perplexity->difference;
    result.interval = result.perplexity->difference_interval;
    result.distinguishable = !contains(result.interval, 0.0);
    return result;
}

}  // namespace quantoscope
