#include "app/worker/verbs/recipe_flags.h"

#include <algorithm>

#include "app/worker/verbs/json_text.h"
#include "core/pipeline/runner.h"
#include "core/run_store/run_folder.h"

namespace quantoscope {

std::vector<OptionDescription> calibrationFlags() {
    return {textFlag("calibration", "", "Text file to calibrate on, taken as it is."),
            integerFlag("calibration_samples", 128, 1, 1'000'000, "How many windows of the text."),
            integerFlag("sequence_length", 2048, 2, 1'000'000, "Tokens in a window."),
            choiceFlag("sampling", "random", {"random", "sequential"},
                       "Windows as the original programs draw them, or one after the other."),
            integerFlag("seed", 0, 0, std::int64_t{1} << 62, "Seed of the random windows.")};
}

OptionDescription layerBitsFlag(std::string id, std::string help) {
    auto flag = textFlag(std::move(id), "", std::move(help));
    flag.check_text = [](const std::string& text) -> Status {
        const auto rules = parseLayerBits(text);
        return rules ? Status{} : std::unexpected(rules.error());
    };
    return flag;
}

CalibrationRecipe calibrationFrom(const Arguments& arguments) {
    CalibrationRecipe calibration;
    calibration.data = arguments.text("calibration");
    calibration.samples = arguments.integer("calibration_samples");
    calibration.sequence_length = arguments.integer("sequence_length");
    calibration.sampling = arguments.text("sampling") == "sequential" ? Sampling::sequential : Sampling::random;
    calibration.seed = arguments.integer("seed");
    return calibration;
}

namespace {

/// The row of a configuration with its scores.
Result<Json> rowWithScores(const RunFolder& run, const ConfigurationInfo& info) {
    auto row = configurationRow(info);
    QS_ASSIGN(const auto scores, run.scores(info.id));
    for (const auto& score : scores) row["scores"].push_back(scoreRow(score));
    return row;
}

/// Benchmarks in the order of the rows, each with its first metric.
std::vector<std::string> benchmarksOf(const Json& configurations) {
    std::vector<std::string> names;
    for (const auto& row : configurations)
        for (const auto& score : row.value("scores", Json::array()))
            if (const auto name = score["benchmark"].get<std::string>(); std::ranges::find(names, name) == names.end())
                names.push_back(name);
    return names;
}

std::string cellOf(const Json& row, const std::string& benchmark) {
    for (const auto& score : row.value("scores", Json::array()))
        if (score["benchmark"] == benchmark) return scoreText(score);
    return "-";
}

}  // namespace

Result<Json> runIntoFolder(const Recipe& recipe, const std::string& folder, Invocation& invocation) {
    if (folder.empty()) return usageError("say where the run goes: --run DIR");
    const auto send = [&](const Event& event) { invocation.event(eventJson(event)); };
    QS_ASSIGN(const auto summary, runRecipe(recipe, folder, send, invocation.job, deviceChoice(invocation.arguments)));
    Json object{{"state", summary.state}, {"run", folder}, {"configurations", Json::array()}};
    QS_ASSIGN(const auto run, RunFolder::openForReading(folder));
    for (const auto& info : summary.configurations) {
        QS_ASSIGN(object["configurations"].emplace_back(), rowWithScores(*run, info));
    }
    return object;
}

std::string describeRun(const Json& object) {
    std::vector<std::vector<std::string>> rows{{"configuration", "bits/weight", "time", "peak memory"}};
    const auto& configurations = object["configurations"];
    const auto benchmarks = benchmarksOf(configurations);
    rows.front().insert(rows.front().end(), benchmarks.begin(), benchmarks.end());
    for (const auto& info : configurations) {
        const bool quantized = info["bits_per_weight"].get<double>() > 0.0;
        rows.push_back({info["id"].get<std::string>(),
                        quantized ? numberText(info["bits_per_weight"].get<double>(), 3) : "-",
                        numberText(info["seconds"].get<double>(), 1) + " s",
                        quantized ? bytesText(info["peak_bytes"].get<double>()) : "-"});
        for (const auto& benchmark : benchmarks) rows.back().push_back(cellOf(info, benchmark));
    }
    return tableText(rows) + "\n" + object["state"].get<std::string>() + ": " + object["run"].get<std::string>();
}

}  // namespace quantoscope
