#include "app/worker/verbs/difference.h"

#include "app/worker/verbs/recipe_flags.h"

namespace quantoscope {
namespace {

Result<std::vector<OptionDescription>> flags(const std::vector<std::string>&) {
    std::vector<OptionDescription> rows{
        textFlag("run", "", "Run folder to make or go on with."),
        choiceFlag("weight_dtype", "bfloat16", {"source", "bfloat16"},
                   "Values of the model's weights: as the file holds them, or rounded to bfloat16 first."),
        choiceFlag("precision", "bfloat16", {"float32", "bfloat16"}, "Arithmetic of the calibration passes.")};
    for (auto& row : calibrationFlags()) rows.push_back(std::move(row));
    return rows;
}

Result<Json> run(Invocation& invocation) {
    const auto& arguments = invocation.arguments;
    Recipe recipe;
    recipe.model = arguments.positional[0];
    recipe.checkpoints = {arguments.positional[1]};
    recipe.weight_dtype = arguments.text("weight_dtype") == "source" ? WeightDType::source : WeightDType::bfloat16;
    recipe.precision = arguments.text("precision") == "float32" ? Precision::float32 : Precision::bfloat16;
    recipe.calibration = calibrationFrom(arguments);
    return runIntoFolder(recipe, arguments.text("run"), invocation);
}

}  // namespace

Verb differenceVerb() {
    return {
        "difference",
        "MODEL CHECKPOINT",
        "Compares the weights of another checkpoint with the model's, linear by linear, into a run folder: the maps "
        "of a run without quantizing anything. With --calibration the output errors too.",
        flags,
        run,
        describeRun};
}

}  // namespace quantoscope
