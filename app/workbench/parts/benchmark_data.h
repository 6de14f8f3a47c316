// How the window asks for a benchmark's data.
#pragma once

#include <QString>
#include <string>

#include "app/workbench/parts/file_dialogs.h"
#include "core/evaluation/benchmark.h"
#include "core/pipeline/recipe.h"

namespace quantoscope {

QString benchmarkLabel(const BenchmarkDescription& benchmark);  ///< "WikiText-2 perplexity", "PIQA"
bool isMultipleChoice(const std::string& benchmark);
/// A dialog for the benchmark's file, or for its folder where the release has many; an empty or unknown benchmark asks
/// for a text. Without `title` the dialog is named after what it asks for.
void askForBenchmarkData(QWidget* parent, const std::string& benchmark, PathTaker take, const QString& title = {});
/// What was used for this benchmark, or for a text one like it, in a recipe; else a text that is shipped; may be empty.
std::string usualData(const std::string& benchmark, const Recipe& recipe);

}  // namespace quantoscope
