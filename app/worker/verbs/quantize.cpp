#include "app/worker/verbs/quantize.h"

#include <algorithm>

#include "app/worker/verbs/recipe_flags.h"
#include "core/methods/method.h"

namespace quantoscope {
namespace {

Result<std::vector<OptionDescription>> flags(const std::vector<std::string>& words) {
    std::vector<OptionDescription> rows{
        textFlag("method", "", "Which method; `methods` lists them."),
        textFlag("run", "", "Run folder to make or go on with."),
        layerBitsFlag("layer_bits",
                      "Linears with other bits, as BLOCKS.LINEARS=BITS with commas between: 3.down_proj=8, 0-3.*=6, "
                      "*.k_proj+v_proj=skip. Later ones win."),
        choiceFlag("weight_dtype", "bfloat16", {"source", "bfloat16"},
                   "Values of the weights: as the file holds them, or rounded to bfloat16 first."),
        choiceFlag("precision", "bfloat16", {"float32", "bfloat16"}, "Arithmetic of the calibration passes.")};
    for (auto& row : calibrationFlags()) rows.push_back(std::move(row));
    const auto id = peekFlag(words, "method");
    if (id.empty()) return rows;
    QS_ASSIGN(const auto* method, findMethod(id));
    for (const auto& option : method->options) rows.push_back(option);
    return rows;
}

Result<Json> run(Invocation& invocation) {
    const auto& arguments = invocation.arguments;
    if (arguments.text("method").empty())
        return usageError("say which method: --method ID; `quantoscope-worker methods` lists them");
    QS_ASSIGN(const auto* method, findMethod(arguments.text("method")));
    Recipe recipe;
    recipe.model = arguments.positional[0];
    recipe.weight_dtype = arguments.text("weight_dtype") == "source" ? WeightDType::source : WeightDType::bfloat16;
    recipe.precision = arguments.text("precision") == "float32" ? Precision::float32 : Precision::bfloat16;
    recipe.calibration = calibrationFrom(arguments);
    recipe.bits = {arguments.integer("bits")};
    recipe.group_sizes = {arguments.integer("group_size")};
    QS_ASSIGN(recipe.layer_bits, parseLayerBits(arguments.text("layer_bits")));
    MethodRecipe chip{method->id, {}};
    for (const auto& option : method->options)
        if (option.id != "bits" && option.id != "group_size" && arguments.has(option.id))
            chip.options[option.id] = arguments.flags.at(option.id);
    recipe.methods = {std::move(chip)};
    return runIntoFolder(recipe, arguments.text("run"), invocation);
}

}  // namespace

Verb quantizeVerb() {
    return {
        "quantize", "MODEL", "Quantizes with one method, without a recipe file; the method's options follow --method.",
        flags,      run,     describeRun,
        true};
}

}  // namespace quantoscope
