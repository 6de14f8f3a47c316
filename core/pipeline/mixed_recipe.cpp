#include "core/pipeline/mixed_recipe.h"

#include "core/methods/method.h"

namespace quantoscope {

Recipe mixedRecipe(const Recipe& measured, const Sensitivity& sensitivity, const AssignedBits& assigned) {
    Recipe recipe = measured;
    recipe.exports.clear();
    recipe.keep_codes = true;
    recipe.bits = {assigned.base};
    recipe.layer_bits = assigned.rules;
    recipe.group_sizes = {integerOption(sensitivity.options, "group_size")};
    MethodRecipe chip{sensitivity.method, {}};
    if (const auto method = findMethod(sensitivity.method))
        for (const auto& option : (*method)->options) {
            const auto value = sensitivity.options.find(option.id);
            const bool swept = option.id == "bits" || option.id == "group_size";
            if (!swept && value != sensitivity.options.end() && value->second != option.default_value)
                chip.options[option.id] = value->second;
        }
    recipe.methods = {std::move(chip)};
    return recipe;
}

}  // namespace quantoscope
