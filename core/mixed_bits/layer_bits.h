// Bits of single linears, where they are to differ from a configuration's own: painted by hand, or assigned for a size.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/model_config.h"

namespace quantoscope {

/// Written "BLOCKS.LINEARS=BITS": "3.down_proj=8", "0-3.*=6", "*.k_proj+v_proj=skip".
struct LayerBitsRule {
    static constexpr std::int64_t kSkip = 0;
    std::int64_t first_block = 0;
    std::int64_t last_block = -1;   ///< -1: the model's last; only with first_block 0
    std::array<bool, 7> linears{};  ///< by LinearRole
    std::int64_t bits = kSkip;      ///< kSkip: the linear stays as it is in the model
    friend bool operator==(const LayerBitsRule&, const LayerBitsRule&) = default;
};

/// Later rules win.
using LayerBits = std::vector<LayerBitsRule>;

/// What the rules ask of a linear; nothing where the configuration's own bits hold.
std::optional<std::int64_t> ruledBits(std::span<const LayerBitsRule> rules, std::int64_t block, LinearRole role);

Result<LayerBitsRule> parseLayerBitsRule(std::string_view text);
std::string layerBitsText(const LayerBitsRule& rule);
/// Rules with commas between them, as on the command line; empty text: no rule.
Result<LayerBits> parseLayerBits(std::string_view text);
std::string layerBitsText(std::span<const LayerBitsRule> rules);
/// A block that the model does not have is an error.
Status checkLayerBits(std::span<const LayerBitsRule> rules, const ModelConfig& config);

/// Bits of every linear of a model, by block and LinearRole.
using BitsTable = std::vector<std::array<std::int64_t, 7>>;
/// Rules that turn `base` bits everywhere into the table: few, blocks in a row and linears of one block put together.
LayerBits layerBitsFrom(const BitsTable& table, std::int64_t base);

}  // namespace quantoscope
