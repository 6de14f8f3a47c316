// From the bytes of a text file to the text that is tokenized, by the rules of each published protocol.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/job.h"
#include "core/base/result.h"

namespace quantoscope {

/// Larger text files are refused: everything is tokenized in one piece.
inline constexpr std::uintmax_t kLargestTextFileBytes = std::uintmax_t{1} << 30;

/// The whole file. Errors: not a regular file, unreadable, empty, too large, not UTF-8 (with the offset of the first
/// bad byte).
Result<std::string> readTextForModel(const std::filesystem::path& path, const JobContext& job);

/// Without what Python's str.strip removes at both ends: Unicode white space and the four ASCII separators.
std::string_view stripped(std::string_view text);
/// The same at the end only (str.rstrip).
std::string_view strippedRight(std::string_view text);

/// WikiText-2 raw: a row per line, with its newline; blank rows become empty; rows joined with two newlines.
std::string wikitextRowsJoined(std::string_view file);
/// Penn Treebank: a row per line, white space stripped from both ends; rows joined with `joint`.
std::string strippedRowsJoined(std::string_view file, std::string_view joint);

}  // namespace quantoscope
