// One row of an option table for each type of value, with what that type needs.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/option.h"

namespace quantoscope {

template <typename Number>
struct NumberRange {
    Number default_value;
    Number minimum;
    Number maximum;
};

/// `special`: values allowed besides the range.
OptionDescription integerOptionRow(std::string id, std::string label, NumberRange<std::int64_t> range, std::string unit,
                                   std::string help, std::vector<std::int64_t> special = {});
OptionDescription realOptionRow(std::string id, std::string label, NumberRange<double> range, std::string unit,
                                std::string help);
OptionDescription booleanOptionRow(std::string id, std::string label, bool default_value, std::string help);
/// `check`: what the text must look like; empty: anything goes.
OptionDescription textOptionRow(std::string id, std::string label, std::string help,
                                std::function<Status(const std::string&)> check);
OptionDescription choiceOptionRow(std::string id, std::string label, std::string default_value,
                                  std::vector<std::string> choices, std::string help);

}  // namespace quantoscope
