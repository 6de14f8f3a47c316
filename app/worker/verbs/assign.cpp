#include "app/worker/verbs/assign.h"

#include <cmath>

#include "app/worker/verbs/json_text.h"
#include "app/worker/verbs/recipe_flags.h"
#include "core/base/atomic_file.h"
#include "core/base/option_rows.h"
#include "core/mixed_bits/sensitivity.h"
#include "core/pipeline/mixed_recipe.h"

namespace quantoscope {
namespace {

Result<std::vector<OptionDescription>> flags(const std::vector<std::string>&) {
    return std::vector{
        realOptionRow("bits_per_weight", "Bits per weight", {0.0, 0.0, 16.0}, "bits",
                      "The size to fit in, over all linears of the blocks, scales and zero points included."),
        textFlag("configuration", "",
                 "A configuration of the method meant; needed only when the run folder has several at several widths."),
        layerBitsFlag("pin", "Linears whose bits are decided already: 3.down_proj=8, *.v_proj=skip, commas between."),
        textFlag("with", "", "Another run folder, whose mixed runs are set beside what was predicted of them."),
        textFlag("recipe", "", "Writes the recipe of a run with these bits to this file."),
        booleanFlag("curve", "Lists the least predicted loss at every size, too.")};
}

Json optionalJson(const std::optional<double>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json measuredJson(const Sensitivity& sensitivity) {
    Json rows = Json::array();
    for (const auto& run : sensitivity.measured)
        rows.push_back(Json{{"configuration", run.configuration},
                            {"bits_per_weight", sensitivity.bitsPerWeight(run.size_bits)},
                            {"loss", run.loss},
                            {"perplexity", optionalJson(run.perplexity)},
                            {"expected_perplexity", optionalJson(run.expected_perplexity)}});
    return rows;
}

Json linearsJson(const AssignedBits& assigned) {
    Json rows = Json::array();
    for (std::size_t block = 0; block < assigned.bits.size(); ++block)
        for (const auto role : kLinearRoles)
            rows.push_back(Json{{"block", block},
                                {"linear", linearName(role)},
                                {"bits", assigned.bits[block][static_cast<std::size_t>(role)]}});
    return rows;
}

Result<Json> curveJson(const Sensitivity& sensitivity, const LayerBits& pins) {
    QS_ASSIGN(const auto choices, pinnedChoices(sensitivity, pins));
    QS_ASSIGN(const auto curve, lossCurve(choices));
    Json rows = Json::array();
    for (const auto& point : curve)
        rows.push_back(Json{{"bits_per_weight", sensitivity.bitsPerWeight(point.size_bits)}, {"loss", point.loss}});
    return rows;
}

Status writeRecipe(const RunFolder& run, const Sensitivity& sensitivity, const AssignedBits& assigned,
                   const std::string& file) {
    QS_ASSIGN(const auto text, run.recipeText());
    QS_ASSIGN(const auto recipe, parseRecipe(text));
    return writeTextAtomically(file, recipeJson(mixedRecipe(recipe, sensitivity, assigned)));
}

Result<Json> run(Invocation& invocation) {
    const auto& arguments = invocation.arguments;
    const double wanted = realOption(arguments.flags, "bits_per_weight");
    if (!(wanted > 0.0)) return usageError("say the size to fit in: --bits-per-weight N");
    QS_ASSIGN(const auto pins, parseLayerBits(arguments.text("pin")));
    QS_ASSIGN(const auto folder, RunFolder::openForReading(arguments.positional[0]));
    QS_ASSIGN(auto sensitivity, readSensitivity(*folder, arguments.text("configuration"), invocation.job));
    if (!arguments.text("with").empty()) {
        QS_ASSIGN(const auto other, RunFolder::openForReading(arguments.text("with")));
        QS_TRY(addMeasuredRuns(*other, sensitivity));
    }
    const auto budget_bits = static_cast<std::int64_t>(std::floor(wanted * static_cast<double>(sensitivity.weights)));
    QS_ASSIGN(const auto assigned, assignFor(sensitivity, budget_bits, pins, invocation.job));
    Json object{{"method", sensitivity.method},
                {"widths", sensitivity.widths},
                {"measured_widths", sensitivity.measured_widths},
                {"collapsed_widths", sensitivity.collapsed_widths},
                {"bits_per_weight", sensitivity.bitsPerWeight(assigned.size_bits)},
                {"bytes", (assigned.size_bits + 7) / 8},
                {"loss", assigned.loss},
                {"benchmark", sensitivity.benchmark},
                {"expected_perplexity", optionalJson(expectedPerplexity(sensitivity, assigned.loss))},
                {"original_perplexity", optionalJson(sensitivity.original_perplexity)},
                {"bits", assigned.base},
                {"layer_bits", layerBitsText(assigned.rules)},
                {"linears", linearsJson(assigned)},
                {"measured", measuredJson(sensitivity)}};
    if (arguments.boolean("curve")) {
        QS_ASSIGN(object["curve"], curveJson(sensitivity, pins));
    }
    if (!arguments.text("recipe").empty()) {
        QS_TRY(writeRecipe(*folder, sensitivity, assigned, arguments.text("recipe")));
        object["recipe"] = arguments.text("recipe");
    }
    return object;
}

std::string optionalText(const Json& value, int digits) {
    return value.is_number() ? numberText(value.get<double>(), digits) : "–";
}

std::string lossText(const Json& value) {
    return numberText(value.get<double>(), 4);
}

std::string describe(const Json& object) {
    std::vector<std::vector<std::string>> rows{
        {"run", "bits/weight", "predicted loss", "expected perplexity", "perplexity"}};
    for (const auto& run : object["measured"])
        rows.push_back({run["configuration"].get<std::string>(), numberText(run["bits_per_weight"].get<double>(), 3),
                        lossText(run["loss"]), optionalText(run["expected_perplexity"], 3),
                        optionalText(run["perplexity"], 3)});
    rows.push_back({"assigned", numberText(object["bits_per_weight"].get<double>(), 3), lossText(object["loss"]),
                    optionalText(object["expected_perplexity"], 3), ""});
    std::string text = tableText(rows) + "\nassigned: --bits " + std::to_string(object["bits"].get<std::int64_t>());
    const auto rules = object["layer_bits"].get<std::string>();
    if (!rules.empty()) text += " --layer-bits " + rules;
    for (const auto& width : object["collapsed_widths"])
        text += "\nleft out: " + std::to_string(width.get<std::int64_t>()) +
                " bits, at which the model has more than ten times the original's perplexity";
    if (object.contains("curve")) {
        std::vector<std::vector<std::string>> points{{"bits/weight", "least predicted loss"}};
        for (const auto& point : object["curve"])
            points.push_back({numberText(point["bits_per_weight"].get<double>(), 3), lossText(point["loss"])});
        text += "\n" + tableText(points);
    }
    if (object.contains("recipe")) text += "\nwrote " + object["recipe"].get<std::string>();
    return text;
}

}  // namespace

Verb assignVerb() {
    return {"assign",
            "RUN",
            "Chooses bits for each linear so that all fit a size at the least predicted loss, from a sweep over bits.",
            flags,
            run,
            describe};
}

}  // namespace quantoscope
