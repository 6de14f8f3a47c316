#include "app/worker/verbs/run.h"

#include "app/worker/verbs/recipe_flags.h"
#include "core/run_store/run_folder.h"

namespace quantoscope {
namespace {

Result<Json> run(Invocation& invocation) {
    const auto& path = invocation.arguments.positional[0];
    std::string folder = invocation.arguments.text("run");
    if (!RunFolder::isRunFolder(path)) {
        QS_ASSIGN(const auto recipe, readRecipeFile(path));
        return runIntoFolder(recipe, folder, invocation);
    }
    if (folder.empty()) folder = path;  // `run DIR` goes on with what the folder says
    QS_ASSIGN(const auto opened, RunFolder::openForReading(path));
    QS_ASSIGN(const auto text, opened->recipeText());
    QS_ASSIGN(const auto recipe, parseRecipe(text));
    return runIntoFolder(recipe, folder, invocation);
}

}  // namespace

Verb runVerb() {
    return {
        "run",
        "RECIPE",
        "Does what a recipe file says, or goes on with a run folder; a finished run is a no-op. Relative paths in the "
        "recipe are looked for beside it first.",
        [](const auto&) -> Result<std::vector<OptionDescription>> {
            return std::vector{textFlag("run", "", "Run folder to make or go on with.")};
        },
        run,
        describeRun,
        true};
}

}  // namespace quantoscope
