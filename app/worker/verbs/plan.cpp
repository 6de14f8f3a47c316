#include "app/worker/verbs/plan.h"

#include "app/worker/verbs/json_text.h"
#include "core/pipeline/plan.h"

namespace quantoscope {
namespace {

Result<Json> run(Invocation& invocation) {
    QS_ASSIGN(const auto recipe, readRecipeFile(invocation.arguments.positional[0]));
    QS_ASSIGN(const auto plan, planRecipe(recipe));
    Json object{{"configurations", Json::array()},   {"phases", Json::array()},       {"seconds", plan.seconds},
                {"memory_bytes", plan.memory_bytes}, {"disk_bytes", plan.disk_bytes}, {"warnings", plan.warnings}};
    for (const auto& configuration : plan.configurations) object["configurations"].push_back(configuration.id);
    for (const auto& phase : plan.phases)
        object["phases"].push_back(Json{{"label", phase.label}, {"seconds", phase.seconds}});
    return object;
}

std::string secondsText(double seconds) {
    return seconds < 1.0 ? "under 1 s" : numberText(seconds, 0) + " s";
}

std::string describe(const Json& object) {
    std::vector<std::vector<std::string>> rows{{"phase", "about"}};
    for (const auto& phase : object["phases"])
        rows.push_back({phase["label"].get<std::string>(), secondsText(phase["seconds"].get<double>())});
    std::string text = tableText(rows) + "\nall together about " + secondsText(object["seconds"].get<double>()) + ", " +
                       bytesText(object["memory_bytes"].get<double>()) + " memory, " +
                       bytesText(object["disk_bytes"].get<double>()) + " disk";
    for (const auto& warning : object["warnings"]) text += "\nwarning: " + warning.get<std::string>();
    return text;
}

}  // namespace

Verb planVerb() {
    return {"plan",
            "RECIPE",
            "Checks a recipe and estimates memory, disk and time before anything runs.",
            [](const auto&) -> Result<std::vector<OptionDescription>> { return std::vector<OptionDescription>{}; },
            run,
            describe};
}

}  // namespace quantoscope
