#include "app/worker/verbs/scores.h"

#include "app/worker/verbs/json_text.h"
#include "core/run_store/run_folder.h"
#include "core/study/study_scores.h"

namespace quantoscope {
namespace {

constexpr int kMostLevels = 8;  // from the program up to the resources of a source tree

/// Of an installed program, else of the source tree that it was built in; empty: neither is there.
std::filesystem::path shippedStudy() {
    std::error_code error;
    auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    auto path = folder / "../share/quantoscope/study/scores.json";
    for (int level = 0; level < kMostLevels && !folder.empty(); ++level, folder = folder.parent_path()) {
        if (std::filesystem::is_regular_file(path, error)) return path;
        path = folder / "resources/study/scores.json";
    }
    return {};
}

std::vector<StudyScore> studyFor(const RunInfo& run) {
    const auto path = run.study_model.empty() ? std::filesystem::path() : shippedStudy();
    // A damaged table means nothing stands beside our scores, which is no reason to show none.
    return path.empty() ? std::vector<StudyScore>() : readStudyScores(path).value_or(std::vector<StudyScore>());
}

Json rowOf(const ConfigurationInfo& configuration, const Score& score) {
    Json row{{"configuration", configuration.id},
             {"method", configuration.method},
             {"bits_per_weight", configuration.bits_per_weight}};
    row.update(scoreRow(score));
    return row;
}

Result<Json> run(Invocation& invocation) {
    const auto& path = invocation.arguments.positional[0];
    QS_ASSIGN(const auto info, readRunInfo(path));
    QS_ASSIGN(const auto folder, RunFolder::openForReading(path));
    const auto study = studyFor(info);
    const auto wanted = invocation.arguments.text("configuration");
    Json rows = Json::array();
    bool known = wanted.empty();
    for (const auto& configuration : info.configurations) {
        if (!wanted.empty() && configuration.id != wanted) continue;
        known = true;
        QS_ASSIGN(const auto scores, folder->scores(configuration.id));
        for (const auto& score : scores) {
            auto row = rowOf(configuration, score);
            if (const auto found = studyScoreOf(study, info.study_model, configuration, score))
                row["study"] = {{"model", found->model}, {"table", found->table}, {"value", found->value}};
            rows.push_back(std::move(row));
        }
    }
    if (!known) return usageError("the run has no configuration '" + wanted + "'");
    return Json{{"run", path}, {"study_model", info.study_model}, {"scores", std::move(rows)}};
}

std::string studyText(const Json& row) {
    if (!row.contains("study")) return "-";
    return numberText(row["study"]["value"].get<double>(), 2) + " (Table " + row["study"]["table"].dump() + ")";
}

std::string describe(const Json& object) {
    if (object["scores"].empty()) return "No scores yet: evaluate the run first.";
    const auto model = object["study_model"].get<std::string>();
    std::vector<std::vector<std::string>> rows{{"configuration", "bits per weight", "score", "value"}};
    if (!model.empty()) rows[0].push_back("the study, " + model);
    for (const auto& row : object["scores"]) {
        rows.push_back({row["configuration"].get<std::string>(), numberText(row["bits_per_weight"].get<double>(), 2),
                        row["benchmark"].get<std::string>() + " " + row["metric"].get<std::string>(), scoreText(row)});
        if (!model.empty()) rows.back().push_back(studyText(row));
    }
    return tableText(rows);
}

}  // namespace

Verb scoresVerb() {
    return {"scores",
            "RUN",
            "Lists the scores of a run; where the study reports the same model, method and setting, its value too.",
            [](const auto&) -> Result<std::vector<OptionDescription>> {
                return std::vector{textFlag("configuration", "", "Only this configuration; all when not given.")};
            },
            run,
            describe};
}

}  // namespace quantoscope
