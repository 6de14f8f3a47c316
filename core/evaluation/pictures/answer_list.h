// Answers of which any is right, in one cell (private to core/evaluation).
#pragma once

#include <string>
#include <vector>

namespace quantoscope {

/// "['a', \"b\"]", a list of texts as Python writes it: its texts. Any other cell is itself the only answer.
std::vector<std::string> answersIn(const std::string& cell);

}  // namespace quantoscope
