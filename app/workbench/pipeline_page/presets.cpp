#include "app/workbench/pipeline_page/presets.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSaveFile>
#include <algorithm>

#include "app/workbench/parts/benchmark_data.h"

namespace quantoscope {
namespace {

std::vector<Preset> presetsIn(const QString& folder) {
    std::vector<Preset> presets;
    for (const auto& info : QDir(folder).entryInfoList({QStringLiteral("*.json")}, QDir::Files, QDir::Name))
        presets.push_back({info.completeBaseName(), info.absoluteFilePath()});
    return presets;
}

void fillData(std::string& data, const std::string& current, const QString& shipped) {
    if (data.empty()) data = current.empty() ? shipped.toStdString() : current;
}

}  // namespace

std::vector<Preset> shippedPresets() {
    for (const auto& root : resourceRoots())
        if (auto presets = presetsIn(root + QStringLiteral("/presets")); !presets.empty()) return presets;
    return {};
}

std::vector<Preset> ownPresets(const SessionPaths& paths) {
    return presetsIn(paths.presets);
}

Preset examplePreset() {
    const auto presets = shippedPresets();
    const auto found = std::ranges::find_if(
        presets, [](const Preset& preset) { return preset.title.startsWith(QLatin1String("Example")); });
    return found == presets.end() ? Preset() : *found;
}

Result<Recipe> readPreset(const Preset& preset, const Recipe& current) {
    QFile file(preset.path);
    if (!file.open(QIODevice::ReadOnly))
        return failure("the preset cannot be read", preset.path.toStdString(), file.errorString().toStdString());
    QS_ASSIGN(auto recipe, parseRecipe(file.readAll().toStdString()));
    if (recipe.model.empty()) recipe.model = current.model;
    fillData(recipe.calibration.data, current.calibration.data, shippedText(QStringLiteral("calibration")));
    for (auto& wanted : recipe.evaluations)
        if (wanted.data.empty()) wanted.data = usualData(wanted.benchmark, current);
    return recipe;
}

Status writeRecipeFile(const QString& path, const Recipe& recipe) {
    QSaveFile file(path);
    const auto text = QByteArray::fromStdString(recipeJson(recipe));
    if (file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit()) return {};
    return failure("the recipe could not be written: check the folder's permissions and free space", path.toStdString(),
                   file.errorString().toStdString());
}

Status saveOwnPreset(const SessionPaths& paths, const QString& name, Recipe recipe) {
    QString safe = name.trimmed();
    safe.replace(QRegularExpression(QStringLiteral("[/\\\\:*?\"<>|\\x00-\\x1f]")), QStringLiteral("-"));
    if (safe.isEmpty() || safe.startsWith(QLatin1Char('.')))
        return failure("a preset needs a name that does not start with a dot");
    recipe.model.clear();
    QDir().mkpath(paths.presets);
    return writeRecipeFile(QDir(paths.presets).filePath(safe + QStringLiteral(".json")), recipe);
}

}  // namespace quantoscope
