#include "core/pipeline/recipe.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/evaluation/benchmark.h"
#include "core/pipeline/recipe_reader.h"

namespace quantoscope {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kLargest = std::int64_t{1} << 40;

const std::vector<std::string>& precisionWords() {
    static const std::vector<std::string> words{"float32", "bfloat16"};
    return words;
}
const std::vector<std::string>& weightWords() {
    static const std::vector<std::string> words{"source", "bfloat16"};
    return words;
}
const std::vector<std::string>& samplingWords() {
    static const std::vector<std::string> words{"random", "sequential"};
    return words;
}

const std::vector<std::string>& encodingWords() {
    static const std::vector<std::string> words{choiceEncodingName(ChoiceEncoding::separate),
                                                choiceEncodingName(ChoiceEncoding::joint)};
    return words;
}

Json optionsJson(const OptionValues& options) {
    Json object = Json::object();
    for (const auto& [id, value] : options) std::visit([&](const auto& held) { object[id] = held; }, value);
    return object;
}

/// Types are checked against the method's description later; here only that each value is a plain one.
Result<OptionValues> readOptions(const nlohmann::json* object, const std::string& place) {
    OptionValues options;
    if (object == nullptr) return options;
    for (const auto& [id, value] : object->items()) {
        if (value.is_boolean())
            options[id] = value.get<bool>();
        else if (value.is_number_integer())
            options[id] = value.get<std::int64_t>();
        else if (value.is_number_float())
            options[id] = value.get<double>();
        else if (value.is_string())
            options[id] = value.get<std::string>();
        else
            return failure(place + ": option '" + id + "' must be a number, a text, true or false");
    }
    return options;
}

Status readCalibration(const nlohmann::json* object, CalibrationRecipe& calibration) {
    if (object == nullptr) return {};
    RecipeReader reader(*object, "calibration");
    auto sampling = static_cast<std::size_t>(calibration.sampling);
    reader.text("data", calibration.data);
    reader.integer("samples", calibration.samples, 1, 1'000'000);
    reader.integer("sequence_length", calibration.sequence_length, 2, 1'000'000);
    reader.integer("seed", calibration.seed, 0, std::numeric_limits<std::int64_t>::max());
    reader.choice("sampling", samplingWords(), sampling);
    calibration.sampling = static_cast<Sampling>(sampling);
    return reader.finish();
}

Result<MethodRecipe> readMethod(const nlohmann::json& object, const std::string& place) {
    MethodRecipe method;
    RecipeReader reader(object, place);
    reader.text("method", method.method);
    const auto* options = reader.object("options");
    QS_TRY(reader.finish());
    QS_ASSIGN(method.options, readOptions(options, place));
    if (method.method.empty()) return failure(place + ": 'method' is missing");
    return method;
}

Result<EvaluationRecipe> readEvaluation(const nlohmann::json& object, const std::string& place) {
    EvaluationRecipe evaluation;
    RecipeReader reader(object, place);
    auto precision = static_cast<std::size_t>(evaluation.precision);
    auto encoding = static_cast<std::size_t>(evaluation.encoding);
    reader.text("benchmark", evaluation.benchmark);
    reader.text("data", evaluation.data);
    reader.integer("window", evaluation.window, 2, 1'000'000);
    reader.integer("limit", evaluation.limit, 0, kLargest);
    reader.choice("encoding", encodingWords(), encoding);
    reader.integer("shots", evaluation.shots, 0, 20);
    reader.boolean("as_written", evaluation.as_written);
    reader.choice("precision", precisionWords(), precision);
    QS_TRY(reader.finish());
    evaluation.encoding = static_cast<ChoiceEncoding>(encoding);
    evaluation.precision = static_cast<Precision>(precision);
    return evaluation;
}

Result<ExportRecipe> readExport(const nlohmann::json& object, const std::string& place) {
    ExportRecipe wanted;
    RecipeReader reader(object, place);
    reader.text("format", wanted.format);
    reader.text("output", wanted.output);
    const auto* options = reader.object("options");
    QS_TRY(reader.finish());
    QS_ASSIGN(wanted.options, readOptions(options, place));
    if (wanted.format.empty()) return failure(place + ": 'format' is missing");
    return wanted;
}

Result<LayerBitsRule> readLayerBits(const nlohmann::json& text, const std::string& place) {
    if (!text.is_string()) return failure(place + " must be a text like \"3.down_proj=8\"");
    return parseLayerBitsRule(text.get<std::string>());
}

Result<std::string> readPath(const nlohmann::json& text, const std::string& place) {
    if (!text.is_string() || text.get<std::string>().empty()) return failure(place + " must be the path of a model");
    return text.get<std::string>();
}

template <typename Item, typename Read>
Status readList(const nlohmann::json* list, const std::string& name, Read read, std::vector<Item>& items) {
    if (list == nullptr) return {};
    for (std::size_t i = 0; i < list->size(); ++i) {
        QS_ASSIGN(auto item, read((*list)[i], name + "[" + std::to_string(i) + "]"));
        items.push_back(std::move(item));
    }
    return {};
}

Result<Recipe> readRecipe(const nlohmann::json& object) {
    Recipe recipe;
    RecipeReader reader(object, "recipe");
    std::int64_t version = 0;
    auto weight_dtype = static_cast<std::size_t>(recipe.weight_dtype);
    auto precision = static_cast<std::size_t>(recipe.precision);
    reader.integer("schema_version", version, 1, 1'000'000);
    reader.text("model", recipe.model);
    reader.choice("weight_dtype", weightWords(), weight_dtype);
    reader.choice("precision", precisionWords(), precision);
    const auto* calibration = reader.object("calibration");
    const auto* methods = reader.list("methods");
    reader.integers("bits", recipe.bits);
    reader.integers("group_sizes", recipe.group_sizes);
    const auto* layer_bits = reader.list("layer_bits");
    const auto* checkpoints = reader.list("checkpoints");
    const auto* evaluations = reader.list("evaluations");
    reader.boolean("evaluate_original", recipe.evaluate_original);
    const auto* exports = reader.list("exports");
    reader.boolean("keep_codes", recipe.keep_codes);
    QS_TRY(reader.finish());
    if (version == 0) return failure("recipe: 'schema_version' is missing; this program writes version 1");
    if (version > Recipe::kSchemaVersion)
        return failure("recipe: schema_version " + std::to_string(version) +
                       " is newer than this program reads (1); update Quantoscope");
    recipe.weight_dtype = static_cast<WeightDType>(weight_dtype);
    recipe.precision = static_cast<Precision>(precision);
    QS_TRY(readCalibration(calibration, recipe.calibration));
    QS_TRY(readList(methods, "methods", readMethod, recipe.methods));
    QS_TRY(readList(layer_bits, "layer_bits", readLayerBits, recipe.layer_bits));
    QS_TRY(readList(checkpoints, "checkpoints", readPath, recipe.checkpoints));
    QS_TRY(readList(evaluations, "evaluations", readEvaluation, recipe.evaluations));
    QS_TRY(readList(exports, "exports", readExport, recipe.exports));
    return recipe;
}

Json calibrationJson(const CalibrationRecipe& calibration) {
    return Json{{"data", calibration.data},
                {"samples", calibration.samples},
                {"sequence_length", calibration.sequence_length},
                {"seed", calibration.seed},
                {"sampling", samplingWords()[static_cast<std::size_t>(calibration.sampling)]}};
}

/// Only what the benchmark's kind has; for a benchmark that is not known, everything.
Json evaluationJson(const EvaluationRecipe& evaluation) {
    const auto benchmark = findBenchmark(evaluation.benchmark);
    const auto has = [&](const char* option) {
        return !benchmark || std::ranges::any_of((*benchmark)->options,
                                                 [&](const OptionDescription& known) { return known.id == option; });
    };
    Json object{{"benchmark", evaluation.benchmark}, {"data", evaluation.data}};
    if (has("window")) object["window"] = evaluation.window;
    object["limit"] = evaluation.limit;
    if (has("encoding")) object["encoding"] = encodingWords()[static_cast<std::size_t>(evaluation.encoding)];
    if (has("shots")) object["shots"] = evaluation.shots;
    if (has("as_written")) object["as_written"] = evaluation.as_written;
    object["precision"] = precisionWords()[static_cast<std::size_t>(evaluation.precision)];
    return object;
}

}  // namespace

Result<Recipe> parseRecipe(const std::string& json_text) {
    nlohmann::json object;
    try {
        object = nlohmann::json::parse(json_text);
    } catch (const nlohmann::json::exception& problem) {
        return failure("the recipe is not valid JSON", {}, problem.what());
    }
    if (!object.is_object()) return failure("the recipe must be a JSON object");
    return readRecipe(object);
}

std::string recipeJson(const Recipe& recipe) {
    Json object{{"schema_version", Recipe::kSchemaVersion},
                {"model", recipe.model},
                {"weight_dtype", weightWords()[static_cast<std::size_t>(recipe.weight_dtype)]},
                {"precision", precisionWords()[static_cast<std::size_t>(recipe.precision)]},
                {"calibration", calibrationJson(recipe.calibration)},
                {"methods", Json::array()},
                {"bits", recipe.bits},
                {"group_sizes", recipe.group_sizes},
                {"evaluations", Json::array()},
                {"evaluate_original", recipe.evaluate_original},
                {"exports", Json::array()},
                {"keep_codes", recipe.keep_codes}};
    for (const auto& method : recipe.methods)
        object["methods"].push_back(Json{{"method", method.method}, {"options", optionsJson(method.options)}});
    // Absent where there is none: recipes without it read as they always did.
    for (const auto& rule : recipe.layer_bits) object["layer_bits"].push_back(layerBitsText(rule));
    for (const auto& checkpoint : recipe.checkpoints) object["checkpoints"].push_back(checkpoint);
    for (const auto& evaluation : recipe.evaluations) object["evaluations"].push_back(evaluationJson(evaluation));
    for (const auto& wanted : recipe.exports)
        object["exports"].push_back(
            Json{{"format", wanted.format}, {"output", wanted.output}, {"options", optionsJson(wanted.options)}});
    return object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace quantoscope
