// How HellaSwag's texts are cleaned before they become a prompt (lm-evaluation-harness, task hellaswag).
#pragma once

#include <string>
#include <string_view>

namespace quantoscope {

/// Strips both ends, turns " [title]" into ". ", drops what stands in brackets (shortest match, within a line), and
/// halves runs of spaces once, left to right. The result may begin or end with a space.
std::string hellaSwagCleaned(std::string_view text);

/// Python's str.capitalize: the first character in upper case, all others in lower case. Latin, Greek and Cyrillic
/// letters; other scripts stay as they are.
std::string capitalized(std::string_view text);

}  // namespace quantoscope
