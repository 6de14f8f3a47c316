// Bits for a size, from measured sensitivities and what the user pinned.
#include <algorithm>
#include <map>

#include "core/mixed_bits/sensitivity.h"

namespace quantoscope {
namespace {

std::int64_t mostUsed(const BitsTable& table) {
    std::map<std::int64_t, std::int64_t> counts;
    for (const auto& block : table)
        for (const auto bits : block)
            if (bits != LayerBitsRule::kSkip) ++counts[bits];
    const auto most = std::ranges::max_element(counts, {}, [](const auto& count) { return count.second; });
    return most == counts.end() ? 0 : most->first;
}

}  // namespace

Result<std::vector<LinearChoices>> pinnedChoices(const Sensitivity& sensitivity, std::span<const LayerBitsRule> pins) {
    std::vector<LinearChoices> all;
    for (const auto& linear : sensitivity.linears) {
        all.push_back(linear.choices);
        const auto pinned = ruledBits(pins, linear.block, linear.role);
        if (!pinned) continue;
        const auto choice = choiceOf(linear, *pinned);
        if (!choice) {
            std::string widths;
            for (const auto width : sensitivity.widths) widths += (widths.empty() ? "" : ", ") + std::to_string(width);
            return usageError("the pin to " + std::to_string(*pinned) +
                              " bits cannot be kept: the run folder has this method, working, at " + widths + " bits");
        }
        all.back() = {*choice};
    }
    return all;
}

Result<AssignedBits> assignFor(const Sensitivity& sensitivity, std::int64_t budget_bits,
                               std::span<const LayerBitsRule> pins, const JobContext& job) {
    QS_ASSIGN(const auto choices, pinnedChoices(sensitivity, pins));
    QS_ASSIGN(const auto found, assignBits(choices, budget_bits, job));
    AssignedBits assigned;
    assigned.size_bits = found.size_bits;
    assigned.loss = found.loss;
    // A linear the runs left as it is stays so.
    assigned.bits.resize(static_cast<std::size_t>(sensitivity.block_count));
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const auto& linear = sensitivity.linears[i];
        assigned.bits[static_cast<std::size_t>(linear.block)][static_cast<std::size_t>(linear.role)] =
            choices[i][found.choice[i]].bits;
    }
    assigned.base = mostUsed(assigned.bits);
    assigned.rules = layerBitsFrom(assigned.bits, assigned.base);
    return assigned;
}

}  // namespace quantoscope
