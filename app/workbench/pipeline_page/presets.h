// Pipelines to start from: recipe files shipped with the program and the user's own.
#pragma once

#include <QString>
#include <vector>

#include "app/workbench/session/session_paths.h"
#include "core/pipeline/recipe.h"

namespace quantoscope {

struct Preset {
    QString title;  ///< the file's name
    QString path;
};

std::vector<Preset> shippedPresets();
std::vector<Preset> ownPresets(const SessionPaths& paths);
/// The preset named in `--example`; empty path when it was not installed.
Preset examplePreset();

/// A recipe read from a preset: its model and data files are those of `current` where the preset leaves them open, else
/// the shipped texts.
Result<Recipe> readPreset(const Preset& preset, const Recipe& current);
/// Saves without the model, under a name that is safe for a file.
Status saveOwnPreset(const SessionPaths& paths, const QString& name, Recipe recipe);

/// Any recipe to a file, whole or not at all.
Status writeRecipeFile(const QString& path, const Recipe& recipe);

}  // namespace quantoscope
