#include "app/workbench/pipeline_page/recipe_options.h"

#include "core/evaluation/benchmark.h"

namespace quantoscope {
namespace {

OptionDescription whole(std::string id, std::string label, std::int64_t value, std::int64_t low, std::int64_t high,
                        std::string unit, std::string help) {
    OptionDescription option;
    option.id = std::move(id);
    option.label = std::move(label);
    option.type = OptionType::integer;
    option.default_value = value;
    option.minimum = low;
    option.maximum = high;
    option.unit = std::move(unit);
    option.help = std::move(help);
    return option;
}

OptionDescription choice(std::string id, std::string label, std::vector<std::string> choices, std::string value,
                         std::string help) {
    OptionDescription option;
    option.id = std::move(id);
    option.label = std::move(label);
    option.type = OptionType::choice;
    option.default_value = std::move(value);
    option.minimum = std::string();
    option.maximum = std::string();
    option.choices = std::move(choices);
    option.help = std::move(help);
    return option;
}

OptionDescription yesNo(std::string id, std::string label, bool value, std::string help) {
    OptionDescription option;
    option.id = std::move(id);
    option.label = std::move(label);
    option.type = OptionType::boolean;
    option.default_value = value;
    option.minimum = false;
    option.maximum = true;
    option.help = std::move(help);
    return option;
}

OptionDescription precisionOption() {
    return choice(
        "precision", "Arithmetic", {"bfloat16", "float32"}, "bfloat16",
        "Arithmetic of the model: bfloat16 products with float32 sums, or float32 throughout (exact, slower).");
}

std::string precisionName(Precision precision) {
    return precision == Precision::float32 ? "float32" : "bfloat16";
}

}  // namespace

const std::vector<OptionDescription>& calibrationOptions() {
    static const std::vector<OptionDescription> options{
        whole("samples", "Samples", 128, 1, 1'000'000, "sequences", "How many sequences of the text the methods see."),
        whole("sequence_length", "Sequence length", 2048, 2, 1'000'000, "tokens", "Tokens in each sequence."),
        whole("seed", "Seed", 0, 0, std::int64_t{1} << 40, "",
              "Which random windows are drawn; the same seed draws the same ones."),
        choice("sampling", "Windows", {"random", "sequential"}, "random",
               "Random windows as the methods' authors draw them, or consecutive windows from the start of the text.")};
    return options;
}

OptionValues calibrationValues(const CalibrationRecipe& calibration) {
    return {{"samples", calibration.samples},
            {"sequence_length", calibration.sequence_length},
            {"seed", calibration.seed},
            {"sampling", std::string(calibration.sampling == Sampling::random ? "random" : "sequential")}};
}

void setCalibration(CalibrationRecipe& calibration, const OptionValues& values) {
    const auto complete = completeOptions(calibrationOptions(), values);
    if (!complete) return;
    calibration.samples = integerOption(*complete, "samples");
    calibration.sequence_length = integerOption(*complete, "sequence_length");
    calibration.seed = integerOption(*complete, "seed");
    calibration.sampling = textOption(*complete, "sampling") == "random" ? Sampling::random : Sampling::sequential;
}

const std::vector<OptionDescription>& evaluationOptions(const std::string& benchmark) {
    static const std::vector<OptionDescription> none;
    const auto found = findBenchmark(benchmark);
    return found ? (*found)->options : none;
}

OptionValues evaluationValues(const EvaluationRecipe& evaluation) {
    const OptionValues all{{"window", evaluation.window},
                           {"limit", evaluation.limit},
                           {"encoding", std::string(choiceEncodingName(evaluation.encoding))},
                           {"precision", precisionName(evaluation.precision)}};
    OptionValues values;
    for (const auto& option : evaluationOptions(evaluation.benchmark)) values[option.id] = all.at(option.id);
    return values;
}

void setEvaluation(EvaluationRecipe& evaluation, const OptionValues& values) {
    const auto complete = completeOptions(evaluationOptions(evaluation.benchmark), values);
    if (!complete) return;
    if (complete->contains("window")) evaluation.window = integerOption(*complete, "window");
    if (complete->contains("limit")) evaluation.limit = integerOption(*complete, "limit");
    if (complete->contains("encoding"))
        evaluation.encoding =
            textOption(*complete, "encoding") == "joint" ? ChoiceEncoding::joint : ChoiceEncoding::separate;
    if (complete->contains("precision"))
        evaluation.precision =
            textOption(*complete, "precision") == "float32" ? Precision::float32 : Precision::bfloat16;
}

const std::vector<OptionDescription>& recipeOptions() {
    static const std::vector<OptionDescription> options{
        yesNo("evaluate_original", "Score the original too", false,
              "Also evaluates the model before quantization, to compare with full precision."),
        choice(
            "weight_dtype", "Weights taken as", {"bfloat16", "source"}, "bfloat16",
            "Rounded to bfloat16 before anything else, as most people run models, or exactly as the file holds them."),
        precisionOption(),
        yesNo("keep_codes", "Keep quantized weights", true,
              "Needed to export, evaluate again and look at single weights; about the size of the quantized model.")};
    return options;
}

OptionValues recipeValues(const Recipe& recipe) {
    return {{"evaluate_original", recipe.evaluate_original},
            {"weight_dtype", std::string(recipe.weight_dtype == WeightDType::source ? "source" : "bfloat16")},
            {"precision", precisionName(recipe.precision)},
            {"keep_codes", recipe.keep_codes}};
}

void setRecipe(Recipe& recipe, const OptionValues& values) {
    const auto complete = completeOptions(recipeOptions(), values);
    if (!complete) return;
    recipe.evaluate_original = booleanOption(*complete, "evaluate_original");
    recipe.weight_dtype =
        textOption(*complete, "weight_dtype") == "source" ? WeightDType::source : WeightDType::bfloat16;
    recipe.precision = textOption(*complete, "precision") == "float32" ? Precision::float32 : Precision::bfloat16;
    recipe.keep_codes = booleanOption(*complete, "keep_codes");
}

}  // namespace quantoscope
