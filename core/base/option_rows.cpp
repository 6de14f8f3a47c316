#include "core/base/option_rows.h"

#include <utility>

namespace quantoscope {
namespace {

OptionDescription row(OptionType type, std::string id, std::string label, std::string help) {
    OptionDescription row;
    row.type = type;
    row.id = std::move(id);
    row.label = std::move(label);
    row.help = std::move(help);
    return row;
}

template <typename Number>
void setRange(OptionDescription& row, const NumberRange<Number>& range, std::string unit) {
    row.default_value = range.default_value;
    row.minimum = range.minimum;
    row.maximum = range.maximum;
    row.unit = std::move(unit);
}

}  // namespace

OptionDescription integerOptionRow(std::string id, std::string label, NumberRange<std::int64_t> range, std::string unit,
                                   std::string help, std::vector<std::int64_t> special) {
    auto integer = row(OptionType::integer, std::move(id), std::move(label), std::move(help));
    setRange(integer, range, std::move(unit));
    integer.special = std::move(special);
    return integer;
}

OptionDescription realOptionRow(std::string id, std::string label, NumberRange<double> range, std::string unit,
                                std::string help) {
    auto real = row(OptionType::real, std::move(id), std::move(label), std::move(help));
    setRange(real, range, std::move(unit));
    return real;
}

OptionDescription booleanOptionRow(std::string id, std::string label, bool default_value, std::string help) {
    auto boolean = row(OptionType::boolean, std::move(id), std::move(label), std::move(help));
    boolean.default_value = default_value;
    boolean.minimum = false;
    boolean.maximum = true;
    return boolean;
}

OptionDescription textOptionRow(std::string id, std::string label, std::string help,
                                std::function<Status(const std::string&)> check) {
    auto text = row(OptionType::text, std::move(id), std::move(label), std::move(help));
    text.default_value = std::string();
    text.minimum = std::string();
    text.maximum = std::string();
    text.check_text = std::move(check);
    return text;
}

OptionDescription choiceOptionRow(std::string id, std::string label, std::string default_value,
                                  std::vector<std::string> choices, std::string help) {
    auto choice = row(OptionType::choice, std::move(id), std::move(label), std::move(help));
    choice.default_value = std::move(default_value);
    choice.choices = std::move(choices);
    return choice;
}

}  // namespace quantoscope
