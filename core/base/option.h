// Options that describe themselves: the form, the command line, the recipe check, `--json` and the documentation are
// all made from these rows, so a knob is written down once.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/result.h"

namespace quantoscope {

enum class OptionType { integer, real, boolean, choice, text };

using OptionValue = std::variant<std::int64_t, double, bool, std::string>;

struct OptionDescription {
    std::string id;     ///< the field's own term, e.g. "group_size"; on the command line --group-size
    std::string label;  ///< for the form
    OptionType type = OptionType::integer;
    OptionValue default_value;
    OptionValue minimum;  ///< same type as the default; ignored for boolean, choice and text
    OptionValue maximum;
    std::vector<std::string> choices;   ///< for OptionType::choice
    std::string unit;                   ///< empty when the value has none
    std::string help;                   ///< one or two sentences
    std::vector<std::int64_t> special;  ///< integer values allowed besides the range, e.g. -1 "whole row"
    std::function<Status(const std::string&)> check_text = {};  ///< what a text must look like; empty: anything goes
    bool added_later = false;  ///< runs were made without it: at its default it is no part of what a block came from
};

/// Values by option id. Values that equal the default may be absent.
using OptionValues = std::map<std::string, OptionValue, std::less<>>;

/// Checks names, types and ranges; the answer holds every option, defaults filled in. The error names the option, what
/// was found and what is allowed, and the nearest known name for an unknown one.
Result<OptionValues> completeOptions(const std::vector<OptionDescription>& descriptions, const OptionValues& given);

/// Reads `text` as the option's type ("true", "0.01", "-1"); errors as completeOptions.
Result<OptionValue> parseOption(const OptionDescription& description, std::string_view text);

std::string optionText(const OptionValue& value);
std::string_view optionTypeName(OptionType type);

std::int64_t integerOption(const OptionValues& values, std::string_view id);
double realOption(const OptionValues& values, std::string_view id);
bool booleanOption(const OptionValues& values, std::string_view id);
const std::string& textOption(const OptionValues& values, std::string_view id);

/// The candidate closest to `word` (edit distance), or empty when nothing is near: for "did you mean".
std::string nearestWord(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace quantoscope
