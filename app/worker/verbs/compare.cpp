#include "app/worker/verbs/compare.h"

#include <algorithm>

#include "app/worker/verbs/json_text.h"
#include "core/comparison/compare_scores.h"
#include "core/evaluation/benchmark.h"

namespace quantoscope {
namespace {

struct Side {
    std::shared_ptr<const RunFolder> folder;
    std::string id;
    std::vector<Score> scores;
};

Result<Side> openSide(const std::string& path, const std::string& id) {
    Side side;
    side.id = id;
    QS_ASSIGN(side.folder, RunFolder::openForReading(path));
    QS_ASSIGN(const auto ids, side.folder->configurationIds());
    if (std::ranges::find(ids, id) == ids.end()) {
        std::string known;
        for (const auto& other : ids) known += (known.empty() ? "" : ", ") + other;
        return usageError("the run has no configuration '" + id + "': choose one of " + known);
    }
    QS_ASSIGN(side.scores, side.folder->scores(id));
    return side;
}

Json intervalJson(const Interval& interval) {
    return Json::array({interval.low, interval.high});
}

void addFigures(Json& row, const ScoreComparison& comparison) {
    row["difference"] = comparison.difference;
    row["interval_95"] = intervalJson(comparison.interval);
    row["distinguishable"] = comparison.distinguishable;
    if (comparison.perplexity) {
        row["ratio"] = comparison.perplexity->ratio;
        row["ratio_interval_95"] = intervalJson(comparison.perplexity->ratio_interval);
    }
    if (!comparison.picks) return;
    row["items"] = comparison.picks->items;
    row["right_to_wrong"] = comparison.picks->right_to_wrong;
    row["wrong_to_right"] = comparison.picks->wrong_to_right;
    row["other_changes"] = comparison.picks->other_changes;
    row["p_value"] = comparison.picks->p_value;
    row["test"] = comparison.picks->exact ? "exact binomial" : "chi-square";
}

/// The baseline's score to set `score` against: of the same protocol, else of the same benchmark, so that the refusal
/// can say what differs. Null: it has none.
const Score* counterpart(const std::vector<Score>& baseline, const Score& score) {
    const Score* found = nullptr;
    for (const auto& other : baseline) {
        if (other.benchmark != score.benchmark || other.metric != score.metric) continue;
        if (checkComparable(other, score)) return &other;
        if (found == nullptr) found = &other;
    }
    return found;
}

void addRows(Json& rows, const Side& baseline, const Side& run) {
    for (const auto& score : run.scores) {
        const auto* other = counterpart(baseline.scores, score);
        if (other == nullptr) continue;
        Json row{{"configuration", run.id},
                 {"benchmark", score.benchmark},
                 {"metric", score.metric},
                 {"baseline", other->value},
                 {"value", score.value}};
        const auto comparison = compareScores(baseline.scores, *other, run.scores, score);
        if (comparison)
            addFigures(row, *comparison);
        else
            row["problem"] = comparison.error().message;
        rows.push_back(std::move(row));
    }
}

Result<Json> run(Invocation& invocation) {
    const auto& arguments = invocation.arguments;
    const auto& path = arguments.positional[0];
    const auto against = arguments.text("against").empty() ? path : arguments.text("against");
    QS_ASSIGN(const auto baseline, openSide(against, arguments.text("baseline")));
    QS_ASSIGN(const auto folder, RunFolder::openForReading(path));
    QS_ASSIGN(auto ids, folder->configurationIds());
    if (!arguments.text("configuration").empty()) ids = {arguments.text("configuration")};
    Json rows = Json::array();
    for (const auto& id : ids) {
        if (id == baseline.id && against == path) continue;
        QS_ASSIGN(const auto side, openSide(path, id));
        addRows(rows, baseline, side);
    }
    return Json{{"baseline", baseline.id}, {"against", against}, {"comparisons", std::move(rows)}};
}

bool isShare(const Json& row) {
    const auto benchmark = findBenchmark(row["benchmark"].get<std::string>());
    const auto* metric = benchmark ? findMetric(**benchmark, row["metric"].get<std::string>()) : nullptr;
    return metric != nullptr && metric->unit == "%";
}

std::string figure(const Json& value, bool share, bool sign = false) {
    if (!value.is_number()) return "not a number";
    const double shown = value.get<double>() * (share ? 100.0 : 1.0);
    return (sign && shown >= 0.0 ? "+" : "") + numberText(shown, share ? 2 : 4);
}

std::vector<std::string> tableRow(const Json& row) {
    const bool share = isShare(row);
    std::vector<std::string> cells{row["configuration"].get<std::string>(),
                                   row["benchmark"].get<std::string>() + " " + row["metric"].get<std::string>(),
                                   figure(row["baseline"], share), figure(row["value"], share)};
    if (row.contains("problem")) {
        cells.insert(cells.end(), {"-", "-", "-", "-", row["problem"].get<std::string>()});
        return cells;
    }
    const auto& interval = row["interval_95"];
    cells.push_back(figure(row["difference"], share, true));
    cells.push_back(figure(interval[0], share, true) + " to " + figure(interval[1], share, true));
    const bool picks = row.contains("p_value");
    cells.push_back(picks ? row["right_to_wrong"].dump() + " / " + row["wrong_to_right"].dump() : "-");
    cells.push_back(picks ? numberText(row["p_value"].get<double>(), 4) : "-");
    cells.emplace_back(row["distinguishable"].get<bool>() ? "differs" : "not distinguishable");
    return cells;
}

std::string describe(const Json& object) {
    const auto baseline = object["baseline"].get<std::string>();
    if (object["comparisons"].empty())
        return "No score that " + baseline + " has too: evaluate both on the same benchmark.";
    std::vector<std::vector<std::string>> rows{
        {"configuration", "score", baseline, "value", "difference", "95 % interval", "lost / won", "p", "verdict"}};
    for (const auto& row : object["comparisons"]) rows.push_back(tableRow(row));
    return tableText(rows) + "\nAccuracies are in %; lost / won: questions that went from right to wrong / back.";
}

}  // namespace

Verb compareVerb() {
    return {
        "compare",
        "RUN",
        "Sets the scores of a run's configurations against a baseline: difference, 95 % interval, questions lost and "
        "won, and whether the two can be told apart.",
        [](const auto&) -> Result<std::vector<OptionDescription>> {
            return std::vector{
                textFlag("baseline", "original", "Which configuration is the baseline."),
                textFlag("against", "", "The run folder that holds the baseline; the same run when not given."),
                textFlag("configuration", "", "Only this configuration; all when not given.")};
        },
        run,
        describe};
}

}  // namespace quantoscope
