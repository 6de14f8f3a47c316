#include "core/pipeline/run_inputs.h"

#include <filesystem>

#include "core/base/sha256.h"
#include "core/calibration/token_windows.h"
#include "core/evaluation/text_protocol.h"
#include "core/formats/folder/hub_cache.h"
#include "core/formats/tokenizer.h"
#include "core/study/study_scores.h"

namespace quantoscope {
namespace {

std::string absolutePath(const std::string& path) {
    if (path.empty()) return path;
    std::error_code error;
    const auto absolute = std::filesystem::absolute(path, error);
    return error ? path : absolute.lexically_normal().string();
}

/// What is not there may be a model of the hub cache by its name, as in org/name.
std::string modelPath(const std::string& path) {
    std::error_code error;
    if (path.empty() || std::filesystem::exists(path, error)) return absolutePath(path);
    const auto cached = resolveModelPath(path);
    return absolutePath(cached ? cached->path.string() : path);
}

Recipe withAbsolutePaths(Recipe recipe) {
    recipe.model = modelPath(recipe.model);
    recipe.calibration.data = absolutePath(recipe.calibration.data);
    for (auto& checkpoint : recipe.checkpoints) checkpoint = modelPath(checkpoint);
    for (auto& evaluation : recipe.evaluations) evaluation.data = absolutePath(evaluation.data);
    for (auto& wanted : recipe.exports) wanted.output = absolutePath(wanted.output);
    return recipe;
}

Result<std::vector<std::vector<std::int32_t>>> drawWindows(const RunInputs& inputs, JobContext& job) {
    const auto& calibration = inputs.recipe.calibration;
    job.report("Reading the calibration text", 0.0);
    QS_ASSIGN(const auto text, readTextForModel(calibration.data, job));
    QS_ASSIGN(const auto tokenizer, openTokenizer(inputs.model->path()));
    job.report("Tokenizing the calibration text", 0.3);
    QS_ASSIGN(const auto ids, tokenizer->encode(text, {}, job));
    return calibrationWindows(ids, calibration.samples, calibration.sequence_length, calibration.seed,
                              calibration.sampling);
}

std::string windowsHash(const std::vector<std::vector<std::int32_t>>& windows) {
    if (windows.empty()) return "none";
    Sha256 hash;
    for (const auto& window : windows) hash.add(std::as_bytes(std::span(window)));
    return hash.hex();
}

}  // namespace

Result<RunInputs> openRunInputs(const Recipe& recipe, JobContext& job) {
    RunInputs inputs;
    inputs.recipe = withAbsolutePaths(recipe);
    QS_ASSIGN(inputs.configurations, configurations(inputs.recipe));
    if (inputs.recipe.model.empty()) return failure("the recipe names no model");
    QS_ASSIGN(inputs.model, ModelFiles::open(inputs.recipe.model));
    QS_ASSIGN(inputs.weights, inputs.model->weights(inputs.recipe.weight_dtype));
    QS_TRY(checkLayerBits(inputs.recipe.layer_bits, inputs.weights->config()));
    if (!inputs.recipe.calibration.data.empty() && !inputs.configurations.empty()) {
        QS_ASSIGN(inputs.windows, drawWindows(inputs, job));
    }
    inputs.manifest = makeManifest(inputs.recipe, *inputs.model, windowsHash(inputs.windows));
    if (const auto study = studyModel(inputs.weights->config()); !study.empty())
        inputs.manifest.recorded["study model"] = study;
    return inputs;
}

}  // namespace quantoscope
