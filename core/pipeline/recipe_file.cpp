// A recipe as a file that can be moved together with what it names.
#include "core/base/atomic_file.h"
#include "core/pipeline/recipe.h"

namespace quantoscope {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestRecipe_bytes = std::uint64_t{16} << 20;

std::string besideFile(const std::string& path, const fs::path& folder) {
    if (path.empty() || fs::path(path).is_absolute()) return path;
    const auto candidate = (folder / path).lexically_normal();
    std::error_code error;
    return fs::exists(candidate, error) ? candidate.string() : path;
}

}  // namespace

Result<Recipe> readRecipeFile(const fs::path& path) {
    QS_ASSIGN(const auto text, readTextFile(path, kLargestRecipe_bytes));
    auto recipe = parseRecipe(text);
    if (!recipe) {
        auto error = std::move(recipe).error();
        error.path = path.string();
        return std::unexpected(std::move(error));
    }
    std::error_code error;
    const auto folder = fs::absolute(path, error).parent_path();
    if (error) return recipe;
    recipe->model = besideFile(recipe->model, folder);
    recipe->calibration.data = besideFile(recipe->calibration.data, folder);
    for (auto& checkpoint : recipe->checkpoints) checkpoint = besideFile(checkpoint, folder);
    for (auto& evaluation : recipe->evaluations) evaluation.data = besideFile(evaluation.data, folder);
    return recipe;
}

}  // namespace quantoscope
