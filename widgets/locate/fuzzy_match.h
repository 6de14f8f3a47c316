// How well typed letters fit a text: for the locate list.
#pragma once

#include <QString>
#include <optional>
#include <vector>

namespace quantoscope {

struct FuzzyMatch {
    int score = 0;               ///< larger is better
    std::vector<int> positions;  ///< matched characters, to draw them bold
};
/// Letters of `pattern` in order (spaces ignored, case does not matter), or nothing. Word starts and runs count more.
std::optional<FuzzyMatch> fuzzyMatch(const QString& pattern, const QString& text);

}  // namespace quantoscope
