#include "core/pipeline/target.h"

#include "core/pipeline/checkpoint_phase.h"
#include "core/pipeline/run_weights.h"

namespace quantoscope {
namespace {

std::string listed(const std::vector<std::string>& ids) {
    std::string text;
    for (const auto& id : ids) text += (text.empty() ? "" : ", ") + id;
    return text;
}

Result<std::string> chooseConfiguration(const RunFolder& run, const std::string& wanted) {
    QS_ASSIGN(const auto ids, run.configurationIds());
    std::vector<std::string> quantized;
    for (const auto& id : ids) {
        QS_ASSIGN(const auto info, run.configuration(id));
        if (!info.method.empty()) quantized.push_back(id);
    }
    if (wanted.empty() && quantized.size() == 1) return quantized[0];
    if (quantized.empty()) return failure("the run folder holds no quantized configuration yet", run.path().string());
    if (wanted.empty())
        return usageError("the run folder holds several configurations; say which with --configuration: " +
                          listed(quantized));
    for (const auto& id : quantized)
        if (id == wanted) return id;
    const auto near = nearestWord(wanted, quantized);
    return usageError("the run folder holds no configuration '" + wanted + "'" +
                      (near.empty() ? "; it holds " + listed(quantized) : "; did you mean '" + near + "'?"));
}

}  // namespace

Result<Target> openTarget(const std::filesystem::path& path, WeightDType weight_dtype,
                          const std::string& configuration) {
    Target target;
    if (!RunFolder::isRunFolder(path)) {
        QS_ASSIGN(target.model, ModelFiles::open(path));
        QS_ASSIGN(target.weights, target.model->weights(weight_dtype));
        target.tokenizer_path = target.model->path();
        return target;
    }
    QS_ASSIGN(target.run, RunFolder::openForReading(path));
    QS_ASSIGN(const auto recipe_text, target.run->recipeText());
    QS_ASSIGN(target.recipe, parseRecipe(recipe_text));
    QS_ASSIGN(const auto id, chooseConfiguration(*target.run, configuration));
    QS_ASSIGN(target.configuration, target.run->configuration(id));
    const auto finished = static_cast<std::int64_t>(target.run->finishedBlocks(id).size());
    if (finished < target.configuration.block_count)
        return failure("configuration " + id + " is not finished: " + std::to_string(finished) + " of " +
                           std::to_string(target.configuration.block_count) + " blocks are there; resume the run first",
                       path.string());
    QS_ASSIGN(target.model, ModelFiles::open(target.recipe.model));
    if (!target.configuration.checkpoint.empty()) {
        QS_ASSIGN(const auto config, target.model->config());
        QS_ASSIGN(target.weights, checkpointWeights(target.configuration.checkpoint, config));
        target.tokenizer_path = target.model->path();
        return target;
    }
    QS_ASSIGN(auto original, target.model->weights(target.recipe.weight_dtype));
    target.weights = std::make_shared<RunWeights>(std::move(original), target.run, id);
    target.tokenizer_path = target.model->path();
    return target;
}

}  // namespace quantoscope
