#include "app/worker/verbs/recipe_flags.h"

#include "app/worker/verbs/json_text.h"
#include "core/pipeline/runner.h"

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

Result<Json> runIntoFolder(const Recipe& recipe, const std::string& folder, Invocation& invocation) {
    if (folder.empty()) return usageError("say where the run goes: --run DIR");
    const auto send = [&](const Event& event) { invocation.event(eventJson(event)); };
    QS_ASSIGN(const auto summary, runRecipe(recipe, folder, send, invocation.job));
    Json object{{"state", summary.state}, {"run", folder}, {"configurations", Json::array()}};
    for (const auto& info : summary.configurations) object["configurations"].push_back(configurationRow(info));
    return object;
}

std::string describeRun(const Json& object) {
    std::vector<std::vector<std::string>> rows{{"configuration", "bits/weight", "time", "peak memory"}};
    for (const auto& info : object["configurations"])
        rows.push_back({info["id"].get<std::string>(), numberText(info["bits_per_weight"].get<double>(), 3),
                        numberText(info["seconds"].get<double>(), 1) + " s",
                        bytesText(info["peak_bytes"].get<double>())});
    return tableText(rows) + "\n" + object["state"].get<std::string>() + ": " + object["run"].get<std::string>();
}

}  // namespace quantoscope
