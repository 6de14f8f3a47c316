#include "app/worker/verbs/json_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace quantoscope {
namespace {

Json valueJson(const OptionValue& value) {
    return std::visit([](const auto& held) { return Json(held); }, value);
}

Json itemJson(const ChoiceResult& item) {
    Json object{{"log_likelihood", item.log_likelihoods}, {"gold", item.gold}, {"pick", pickOf(item)}};
    if (!item.lengths.empty()) object["pick_normalised"] = normalisedPickOf(item);
    return object;
}

}  // namespace

Json optionJson(const OptionDescription& option) {
    Json object{{"id", option.id},
                {"label", option.label},
                {"type", optionTypeName(option.type)},
                {"default", valueJson(option.default_value)}};
    if (option.type == OptionType::integer || option.type == OptionType::real) {
        object["minimum"] = valueJson(option.minimum);
        object["maximum"] = valueJson(option.maximum);
        if (!option.special.empty()) object["special"] = option.special;
    }
    if (option.type == OptionType::choice) object["choices"] = option.choices;
    object["unit"] = option.unit;
    object["help"] = option.help;
    return object;
}

Json configurationRow(const ConfigurationInfo& info) {
    return Json{{"id", info.id},
                {"method", info.method},
                {"state", info.state},
                {"bits_per_weight", info.bits_per_weight},
                {"seconds", info.seconds},
                {"peak_bytes", info.peak_bytes},
                {"finished_blocks", info.finished_blocks},
                {"block_count", info.block_count}};
}

Json scoreJson(const Score& score) {
    Json object{{"benchmark", score.benchmark}, {"metric", score.metric}, {"value", score.value}};
    const auto items = score.protocol.find("items");
    if (items == score.protocol.end()) {
        object["windows"] = score.window_nll.size();
        object["protocol"] = score.protocol;
        object["window_nll"] = score.window_nll;
        return object;
    }
    object["standard_error"] = score.standard_error;
    std::int64_t count = 0;
    std::from_chars(items->second.data(), items->second.data() + items->second.size(), count);
    object["items"] = count;
    object["protocol"] = score.protocol;
    for (const auto& item : score.items) object["results"].push_back(itemJson(item));
    return object;
}

Json scoreRow(const Score& score) {
    auto object = scoreJson(score);
    for (const auto* part : {"window_nll", "results", "protocol"}) object.erase(part);
    return object;
}

std::string scoreText(const Json& score) {
    if (!score["value"].is_number()) return "not a number";
    const auto value = score["value"].get<double>();
    if (!score.contains("items")) return numberText(value, 4);
    const auto& error = score["standard_error"];
    const auto margin = error.is_number() ? " ± " + numberText(100.0 * error.get<double>(), 2) : std::string();
    return numberText(100.0 * value, 2) + margin + " %";
}

std::string numberText(double value, int digits) {
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.*f", digits, value);
    return buffer.data();
}

std::string bytesText(double bytes) {
    constexpr std::array kUnits{"B", "kB", "MB", "GB", "TB"};
    std::size_t unit = 0;
    while (bytes >= 1000.0 && unit + 1 < kUnits.size()) {
        bytes /= 1000.0;
        ++unit;
    }
    return numberText(bytes, unit == 0 ? 0 : 1) + " " + kUnits[unit];
}

std::string tableText(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()), 0);
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            std::string cell = row[i];
            if (i + 1 < row.size()) cell.resize(widths[i] + 2, ' ');
            line += cell;
        }
        text += line + "\n";
    }
    if (!text.empty()) text.pop_back();
    return text;
}

}  // namespace quantoscope
