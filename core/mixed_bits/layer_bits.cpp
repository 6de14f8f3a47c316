#include "core/mixed_bits/layer_bits.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "core/base/option.h"

namespace quantoscope {
namespace {

constexpr std::int64_t kMostBits = 16;
constexpr std::int64_t kMostBlocks = 100'000;
constexpr std::string_view kSkipWord = "skip";

/// "self_attn.q_proj" → "q_proj"
std::string_view plainName(LinearRole role) {
    const auto name = linearName(role);
    return name.substr(name.rfind('.') + 1);
}

std::optional<std::int64_t> wholeNumber(std::string_view text, std::int64_t maximum) {
    std::int64_t value = -1;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || rest != text.data() + text.size() || value < 0 || value > maximum) return std::nullopt;
    return value;
}

std::unexpected<Error> notARule(std::string_view text, const std::string& why) {
    return usageError("layer bits '" + std::string(text) + "': " + why +
                      "; write BLOCKS.LINEARS=BITS, for instance 3.down_proj=8, 0-3.*=6 or *.k_proj+v_proj=skip");
}

std::vector<std::string_view> split(std::string_view text, char by) {
    std::vector<std::string_view> parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find(by, begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

bool readBlocks(std::string_view text, LayerBitsRule& rule) {
    if (text == "*") return true;
    const auto dash = text.find('-');
    const auto first = wholeNumber(text.substr(0, dash), kMostBlocks);
    const auto last = dash == std::string_view::npos ? first : wholeNumber(text.substr(dash + 1), kMostBlocks);
    if (!first || !last || *last < *first) return false;
    rule.first_block = *first;
    rule.last_block = *last;
    return true;
}

Status readLinears(std::string_view text, std::string_view whole, LayerBitsRule& rule) {
    if (text == "*") {
        rule.linears.fill(true);
        return {};
    }
    std::vector<std::string> names;
    names.reserve(kLinearRoles.size());
    for (const auto role : kLinearRoles) names.emplace_back(plainName(role));
    for (const auto name : split(text, '+')) {
        const auto found = std::ranges::find(names, name);
        if (found == names.end()) {
            const auto near = nearestWord(name, names);
            return notARule(whole, "'" + std::string(name) + "' is no linear of a block" +
                                       (near.empty() ? "" : ", did you mean '" + near + "'?"));
        }
        rule.linears[static_cast<std::size_t>(found - names.begin())] = true;
    }
    return {};
}

std::string blocksText(const LayerBitsRule& rule) {
    if (rule.last_block < 0) return "*";
    const auto first = std::to_string(rule.first_block);
    return rule.first_block == rule.last_block ? first : first + "-" + std::to_string(rule.last_block);
}

std::string linearsText(const LayerBitsRule& rule) {
    if (std::ranges::all_of(rule.linears, [](bool in) { return in; })) return "*";
    std::string text;
    for (const auto role : kLinearRoles)
        if (rule.linears[static_cast<std::size_t>(role)])
            text += (text.empty() ? "" : "+") + std::string(plainName(role));
    return text;
}

/// Linears of one block by the bits they get, those of `base` left out.
std::map<std::int64_t, std::array<bool, 7>> groupsOf(const std::array<std::int64_t, 7>& bits, std::int64_t base) {
    std::map<std::int64_t, std::array<bool, 7>> groups;
    for (std::size_t i = 0; i < bits.size(); ++i)
        if (bits[i] != base) groups[bits[i]][i] = true;
    return groups;
}

}  // namespace

std::optional<std::int64_t> ruledBits(std::span<const LayerBitsRule> rules, std::int64_t block, LinearRole role) {
    std::optional<std::int64_t> bits;
    for (const auto& rule : rules)
        if (block >= rule.first_block && (rule.last_block < 0 || block <= rule.last_block) &&
            rule.linears[static_cast<std::size_t>(role)])
            bits = rule.bits;
    return bits;
}

Result<LayerBitsRule> parseLayerBitsRule(std::string_view text) {
    const auto dot = text.find('.');
    const auto equals = text.find('=');
    if (dot == std::string_view::npos || equals == std::string_view::npos || equals < dot)
        return notARule(text, "this is not of the form BLOCKS.LINEARS=BITS");
    LayerBitsRule rule;
    if (!readBlocks(text.substr(0, dot), rule)) return notARule(text, "the blocks are not N, N-M or *");
    QS_TRY(readLinears(text.substr(dot + 1, equals - dot - 1), text, rule));
    const auto bits = text.substr(equals + 1);
    if (bits == kSkipWord) return rule;
    const auto number = wholeNumber(bits, kMostBits);
    if (!number || *number < 1) return notARule(text, "the bits are neither a small whole number nor 'skip'");
    rule.bits = *number;
    return rule;
}

std::string layerBitsText(const LayerBitsRule& rule) {
    return blocksText(rule) + "." + linearsText(rule) + "=" +
           (rule.bits == LayerBitsRule::kSkip ? std::string(kSkipWord) : std::to_string(rule.bits));
}

Result<LayerBits> parseLayerBits(std::string_view text) {
    LayerBits rules;
    if (text.empty()) return rules;
    for (const auto part : split(text, ',')) {
        QS_ASSIGN(auto rule, parseLayerBitsRule(part));
        rules.push_back(rule);
    }
    return rules;
}

std::string layerBitsText(std::span<const LayerBitsRule> rules) {
    std::string text;
    for (const auto& rule : rules) text += (text.empty() ? "" : ",") + layerBitsText(rule);
    return text;
}

Status checkLayerBits(std::span<const LayerBitsRule> rules, const ModelConfig& config) {
    for (const auto& rule : rules)
        if (std::max(rule.first_block, rule.last_block) >= config.block_count)
            return usageError("layer bits '" + layerBitsText(rule) + "': the model's last block is " +
                              std::to_string(config.block_count - 1));
    return {};
}

LayerBits layerBitsFrom(const BitsTable& table, std::int64_t base) {
    LayerBits rules;
    for (std::size_t first = 0; first < table.size();) {
        auto end = first + 1;
        while (end < table.size() && table[end] == table[first]) ++end;
        for (const auto& [bits, linears] : groupsOf(table[first], base))
            rules.push_back({static_cast<std::int64_t>(first), static_cast<std::int64_t>(end) - 1, linears, bits});
        first = end;
    }
    return rules;
}

}  // namespace quantoscope
