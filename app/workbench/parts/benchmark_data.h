// How the window asks for a benchmark's data.
#pragma once

#include <QString>
#include <string>

#include "core/evaluation/benchmark.h"
#include "core/pipeline/recipe.h"

namespace quantoscope {

QString benchmarkLabel(const BenchmarkDescription& benchmark);  ///< "WikiText-2 perplexity", "PIQA"
bool isMultipleChoice(const std::string& benchmark);
/// For the file dialog; an empty or unknown benchmark asks for a text.
QString dataFileTitle(const std::string& benchmark);
QString dataFileFilter(const std::string& benchmark);
/// What was used for this benchmark, or for a text one like it, in a recipe; else a text that is shipped; may be empty.
std::string usualData(const std::string& benchmark, const Recipe& recipe);

}  // namespace quantoscope
