#include "core/base/option.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

namespace quantoscope {
namespace {

std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> previous(b.size() + 1);
    std::iota(previous.begin(), previous.end(), 0);
    std::vector<std::size_t> current(b.size() + 1);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        current[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            current[j] = std::min({change, previous[j] + 1, current[j - 1] + 1});
        }
        std::swap(previous, current);
    }
    return previous[b.size()];
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::string rangeText(const OptionDescription& description) {
    std::string text = optionText(description.minimum) + " to " + optionText(description.maximum);
    for (const auto value : description.special) text += " or " + std::to_string(value);
    return text;
}

Status checkRange(const OptionDescription& description, const OptionValue& value) {
    const auto refuse = [&](const std::string& allowed) {
        return usageError("option '" + description.id + "' is " + optionText(value) + "; allowed is " + allowed);
    };
    switch (description.type) {
        case OptionType::integer: {
            const auto number = std::get<std::int64_t>(value);
            const bool special = std::ranges::find(description.special, number) != description.special.end();
            if (!special && (number < std::get<std::int64_t>(description.minimum) ||
                             number > std::get<std::int64_t>(description.maximum)))
                return refuse(rangeText(description));
            return {};
        }
        case OptionType::real: {
            const auto number = std::get<double>(value);
            if (!(number >= std::get<double>(description.minimum) && number <= std::get<double>(description.maximum)))
                return refuse(rangeText(description));
            return {};
        }
        case OptionType::choice:
            if (std::ranges::find(description.choices, std::get<std::string>(value)) == description.choices.end())
                return refuse(joined(description.choices));
            return {};
        case OptionType::text:
            return description.check_text ? description.check_text(std::get<std::string>(value)) : Status{};
        case OptionType::boolean:
            return {};
    }
    return {};
}

}  // namespace

std::string nearestWord(std::string_view word, const std::vector<std::string>& candidates) {
    std::string best;
    std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const auto& candidate : candidates) {
        const auto distance = editDistance(word, candidate);
        if (distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

Result<OptionValues> completeOptions(const std::vector<OptionDescription>& descriptions, const OptionValues& given) {
    std::vector<std::string> ids;
    OptionValues complete;
    for (const auto& description : descriptions) {
        ids.push_back(description.id);
        complete[description.id] = description.default_value;
    }
    for (const auto& [id, value] : given) {
        const auto found = std::ranges::find(descriptions, id, &OptionDescription::id);
        if (found == descriptions.end()) {
            const auto near = nearestWord(id, ids);
            return usageError("there is no option '" + id + "'" +
                              (near.empty() ? "; the options are " + joined(ids) : "; did you mean '" + near + "'?"));
        }
        OptionValue converted = value;
        if (found->type == OptionType::real && std::holds_alternative<std::int64_t>(value))
            converted = static_cast<double>(std::get<std::int64_t>(value));
        if (converted.index() != found->default_value.index())
            return usageError("option '" + id + "' must be " + std::string(optionTypeName(found->type)) + ", found " +
                              optionText(value));
        QS_TRY(checkRange(*found, converted));
        complete[id] = converted;
    }
    return complete;
}

Result<OptionValue> parseOption(const OptionDescription& description, std::string_view text) {
    const auto refuse = [&]() -> Result<OptionValue> {
        return usageError("option '" + description.id + "' must be " + std::string(optionTypeName(description.type)) +
                          ", found '" + std::string(text) + "'");
    };
    OptionValue value;
    const char* const end = text.data() + text.size();
    switch (description.type) {
        case OptionType::integer: {
            std::int64_t number = 0;
            const auto [rest, error] = std::from_chars(text.data(), end, number);
            if (error != std::errc() || rest != end) return refuse();
            value = number;
            break;
        }
        case OptionType::real: {
            double number = 0.0;
            const auto [rest, error] = std::from_chars(text.data(), end, number);
            if (error != std::errc() || rest != end || !std::isfinite(number)) return refuse();
            value = number;
            break;
        }
        case OptionType::boolean:
            if (text == "true" || text == "1" || text == "on")
                value = true;
            else if (text == "false" || text == "0" || text == "off")
                value = false;
            else
                return refuse();
            break;
        case OptionType::choice:
        case OptionType::text:
            value = std::string(text);
            break;
    }
    QS_TRY(checkRange(description, value));
    return value;
}

std::string optionText(const OptionValue& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    char buffer[32];
    const auto [end, error] = std::to_chars(buffer, buffer + sizeof(buffer), std::get<double>(value));
    return error == std::errc() ? std::string(buffer, end) : std::string("?");
}

std::string_view optionTypeName(OptionType type) {
    switch (type) {
        case OptionType::integer:
            return "integer";
        case OptionType::real:
            return "number";
        case OptionType::boolean:
            return "boolean";
        case OptionType::choice:
            return "choice";
        case OptionType::text:
            return "text";
    }
    return "unknown";
}

std::int64_t integerOption(const OptionValues& values, std::string_view id) {
    return std::get<std::int64_t>(values.find(id)->second);
}
double realOption(const OptionValues& values, std::string_view id) {
    return std::get<double>(values.find(id)->second);
}
bool booleanOption(const OptionValues& values, std::string_view id) {
    return std::get<bool>(values.find(id)->second);
}
const std::string& textOption(const OptionValues& values, std::string_view id) {
    return std::get<std::string>(values.find(id)->second);
}

}  // namespace quantoscope
