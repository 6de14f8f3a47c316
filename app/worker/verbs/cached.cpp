#include "app/worker/verbs/cached.h"

#include "app/worker/verbs/json_text.h"
#include "core/formats/cached_models.h"

namespace quantoscope {
namespace {

Result<Json> run(Invocation& invocation) {
    const auto& given = invocation.arguments.text("cache");
    const std::filesystem::path cache = given.empty() ? userHubCache() : std::filesystem::path(given);
    Json models = Json::array();
    for (const auto& model : cachedModels(cache, invocation.job.stopToken()))
        models.push_back(Json{{"id", model.id},
                              {"path", model.path.string()},
                              {"bytes", model.bytes},
                              {"problem", model.problem.empty() ? Json() : Json(model.problem)}});
    return Json{{"cache", cache.string()}, {"models", std::move(models)}};
}

std::string describe(const Json& object) {
    if (object["models"].empty()) return "No models in " + object["cache"].get<std::string>() + ".";
    std::vector<std::vector<std::string>> rows{{"model", "weights", "can be opened"}};
    for (const auto& model : object["models"])
        rows.push_back({model["id"].get<std::string>(), bytesText(model["bytes"].get<double>()),
                        model["problem"].is_null() ? "yes" : "no: " + model["problem"].get<std::string>()});
    return tableText(rows);
}

}  // namespace

Verb cachedVerb() {
    return {"cached",
            "",
            "Lists the models that lie in the Hugging Face hub cache; each opens by its name, as in org/name.",
            [](const auto&) -> Result<std::vector<OptionDescription>> {
                return std::vector{textFlag("cache", "", "The cache folder; the user's own when not given.")};
            },
            run,
            describe};
}

}  // namespace quantoscope
