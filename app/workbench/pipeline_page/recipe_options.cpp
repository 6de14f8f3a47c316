#include "app/workbench/pipeline_page/recipe_options.h"

#include "core/base/option_rows.h"
#include "core/evaluation/benchmark.h"

namespace quantoscope {
namespace {

Status checkRules(const std::string& text) {
    const auto rules = parseLayerBits(text);
    return rules ? Status{} : std::unexpected(rules.error());
}

std::string precisionName(Precision precision) {
    return precision == Precision::float32 ? "float32" : "bfloat16";
}

}  // namespace

const std::vector<OptionDescription>& calibrationOptions() {
    static const std::vector<OptionDescription> options{
        integerOptionRow("samples", "Samples", {128, 1, 1'000'000}, "sequences",
                         "How many sequences of the text the methods see."),
        integerOptionRow("sequence_length", "Sequence length", {2048, 2, 1'000'000}, "tokens",
                         "Tokens in each sequence."),
        integerOptionRow("seed", "Seed", {0, 0, std::int64_t{1} << 40}, "",
                         "Which random windows are drawn; the same seed draws the same ones."),
        choiceOptionRow(
            "sampling", "Windows", "random", {"random", "sequential"},
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
                           {"shots", evaluation.shots},
                           {"as_written", evaluation.as_written},
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
    if (complete->contains("shots")) evaluation.shots = integerOption(*complete, "shots");
    if (complete->contains("as_written")) evaluation.as_written = booleanOption(*complete, "as_written");
    if (complete->contains("precision"))
        evaluation.precision =
            textOption(*complete, "precision") == "float32" ? Precision::float32 : Precision::bfloat16;
}

const std::vector<OptionDescription>& recipeOptions() {
    static const std::vector<OptionDescription> options{
        booleanOptionRow("evaluate_original", "Score the original too", false,
                         "Also evaluates the model before quantization, to compare with full precision."),
        choiceOptionRow(
            "weight_dtype", "Weights taken as", "bfloat16", {"bfloat16", "source"},
            "Rounded to bfloat16 before anything else, as most people run models, or exactly as the file holds them."),
        precisionOption(),
        textOptionRow("layer_bits", "Bits of single linears",
                      "Linears with other bits than the sweep's, as BLOCKS.LINEARS=BITS with commas between: "
                      "3.down_proj=8, 0-3.*=6, *.k_proj+v_proj=skip. Later ones win.",
                      checkRules),
        booleanOptionRow("keep_codes", "Keep quantized weights", true,
                         "Needed to export, evaluate again and look at single weights; about the size of the quantized "
                         "model.")};
    return options;
}

OptionValues recipeValues(const Recipe& recipe) {
    return {{"evaluate_original", recipe.evaluate_original},
            {"weight_dtype", std::string(recipe.weight_dtype == WeightDType::source ? "source" : "bfloat16")},
            {"precision", precisionName(recipe.precision)},
            {"layer_bits", layerBitsText(recipe.layer_bits)},
            {"keep_codes", recipe.keep_codes}};
}

void setRecipe(Recipe& recipe, const OptionValues& values) {
    const auto complete = completeOptions(recipeOptions(), values);
    if (!complete) return;
    recipe.evaluate_original = booleanOption(*complete, "evaluate_original");
    recipe.weight_dtype =
        textOption(*complete, "weight_dtype") == "source" ? WeightDType::source : WeightDType::bfloat16;
    recipe.precision = textOption(*complete, "precision") == "float32" ? Precision::float32 : Precision::bfloat16;
    if (auto rules = parseLayerBits(textOption(*complete, "layer_bits"))) recipe.layer_bits = std::move(*rules);
    recipe.keep_codes = booleanOption(*complete, "keep_codes");
}

}  // namespace quantoscope
