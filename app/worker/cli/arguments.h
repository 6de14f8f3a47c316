// One verb's arguments, read by the rows that describe them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/option.h"
#include "core/base/result.h"

namespace quantoscope {

struct Arguments {
    std::vector<std::string> positional;
    OptionValues flags;  ///< by OptionDescription::id, defaults filled in
    OptionValues given;  ///< only those that stood on the command line

    bool has(std::string_view id) const { return given.find(id) != given.end(); }
    const std::string& text(std::string_view id) const { return textOption(flags, id); }
    std::int64_t integer(std::string_view id) const { return integerOption(flags, id); }
    bool boolean(std::string_view id) const { return booleanOption(flags, id); }
};

/// "group_size" → "--group-size"
std::string flagName(std::string_view id);

/// `--flag value`, `--flag=value`, and `--flag` alone for booleans. Errors are usage errors that name the nearest flag.
Result<Arguments> parseArguments(const std::vector<std::string>& words, const std::vector<OptionDescription>& flags);

/// The value of one flag before the others are known (--method decides which options follow), or empty.
std::string peekFlag(const std::vector<std::string>& words, std::string_view id);

}  // namespace quantoscope
