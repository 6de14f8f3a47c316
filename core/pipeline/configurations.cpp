// The sweep of a recipe, and the command line that repeats it.
#include <algorithm>
#include <cctype>
#include <filesystem>

#include "core/base/sha256.h"
#include "core/methods/method.h"
#include "core/pipeline/recipe.h"

namespace quantoscope {
namespace {

const OptionDescription* describedOption(const MethodDescription& method, std::string_view id) {
    const auto found = std::ranges::find(method.options, id, &OptionDescription::id);
    return found == method.options.end() ? nullptr : &*found;
}

/// Short, and another for other rules.
std::string layerBitsSuffix(const LayerBits& rules) {
    constexpr std::size_t kDigits = 8;
    return rules.empty() ? std::string() : "-mixed-" + sha256Hex(layerBitsText(rules)).substr(0, kDigits);
}

/// Do the rules ask for bits that the method has?
Status checkLayerBits(const MethodDescription& method, const OptionValues& options, const LayerBits& rules) {
    for (const auto& rule : rules) {
        if (rule.bits == LayerBitsRule::kSkip) continue;
        auto given = options;
        given["bits"] = rule.bits;
        if (auto complete = completeOptions(method.options, given); !complete) {
            auto error = std::move(complete).error();
            error.message = method.label + ", layer bits '" + layerBitsText(rule) + "': " + error.message;
            return std::unexpected(std::move(error));
        }
    }
    return {};
}

std::string configurationId(const MethodDescription& method, const OptionValues& options) {
    const auto group_size = integerOption(options, "group_size");
    std::string id = method.id + "-w" + std::to_string(integerOption(options, "bits")) +
                     (group_size < 0 ? std::string("-channel") : "-g" + std::to_string(group_size));
    for (const auto& description : method.options) {
        if (description.id == "bits" || description.id == "group_size") continue;
        const auto& value = options.find(description.id)->second;
        if (value != description.default_value) id += "-" + description.id + "-" + optionText(value);
    }
    return id;
}

Result<Configuration> configurationOf(const MethodRecipe& chip, std::int64_t bits, std::int64_t group_size,
                                      const LayerBits& layer_bits) {
    QS_ASSIGN(const auto* method, findMethod(chip.method));
    OptionValues given = chip.options;
    given["bits"] = bits;
    given["group_size"] = group_size;
    auto complete = completeOptions(method->options, given);
    if (!complete) {
        auto error = std::move(complete).error();
        error.message = method->label + ": " + error.message;
        return std::unexpected(std::move(error));
    }
    QS_TRY(checkLayerBits(*method, *complete, layer_bits));
    auto id = configurationId(*method, *complete) + layerBitsSuffix(layer_bits);
    return Configuration{std::move(id), chip.method, std::move(*complete), layer_bits};
}

/// "checkpoint-Llama-3-8B-AWQ", with a number behind it where there are several of that name.
Configuration checkpointConfiguration(const std::string& path, const std::vector<Configuration>& known) {
    constexpr std::size_t kLongestName = 100;
    const auto file = std::filesystem::path(path).lexically_normal();
    auto name = (file.has_filename() ? file : file.parent_path()).filename();
    if (name.extension() == ".gguf" || name.extension() == ".safetensors") name = name.stem();
    auto id = kCheckpointMethod + ("-" + name.string().substr(0, kLongestName));
    std::ranges::replace_if(
        id,
        [](unsigned char c) {
            return c > 127 || (std::isalnum(c) == 0 &&
                               std::string_view("._-").find(static_cast<char>(c)) == std::string_view::npos);
        },
        '_');
    const auto is_known = [&](const std::string& wanted) {
        return std::ranges::find(known, wanted, &Configuration::id) != known.end();
    };
    auto unique = id;
    for (int number = 2; is_known(unique); ++number) unique = id + "-" + std::to_string(number);
    return Configuration{std::move(unique), kCheckpointMethod, {}, {}, path};
}

std::string quoted(const std::string& text) {
    const bool plain = !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
        return std::isalnum(c) != 0 ||
               std::string_view("_-./,=+:@%").find(static_cast<char>(c)) != std::string_view::npos;
    });
    if (plain) return text;
    std::string result = "'";
    for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result + "'";
}

std::string optionFlags(const MethodRecipe& chip) {
    std::string flags;
    const auto method = findMethod(chip.method);
    for (const auto& [id, value] : chip.options) {
        if (id == "bits" || id == "group_size") continue;
        if (method && describedOption(**method, id) != nullptr && describedOption(**method, id)->default_value == value)
            continue;
        std::string flag = id;
        std::ranges::replace(flag, '_', '-');
        flags += " --" + flag + "=" + quoted(optionText(value));
    }
    return flags;
}

}  // namespace

Result<std::vector<Configuration>> configurations(const Recipe& recipe) {
    std::vector<Configuration> all;
    if (recipe.methods.empty() && recipe.checkpoints.empty() && !recipe.evaluate_original)
        return failure("the recipe has no method; add one to the Quantize stage");
    for (const auto& chip : recipe.methods)
        for (const auto bits : recipe.bits)
            for (const auto group_size : recipe.group_sizes) {
                QS_ASSIGN(auto configuration, configurationOf(chip, bits, group_size, recipe.layer_bits));
                const auto same = std::ranges::find(all, configuration.id, &Configuration::id);
                if (same != all.end())
                    return failure("the recipe has the configuration '" + configuration.id +
                                   "' twice; remove one of the equal chips");
                all.push_back(std::move(configuration));
            }
    for (const auto& checkpoint : recipe.checkpoints) all.push_back(checkpointConfiguration(checkpoint, all));
    return all;
}

std::string recipeCommand(const Recipe& recipe, const std::string& run_folder, const std::string& recipe_file) {
    const bool single = recipe.methods.size() == 1 && recipe.bits.size() == 1 && recipe.group_sizes.size() == 1 &&
                        recipe.checkpoints.empty() && recipe.exports.empty() && recipe.evaluations.empty() &&
                        !recipe.evaluate_original;
    if (!single || !recipe_file.empty())
        return "quantoscope-worker run " + (recipe_file.empty() ? "recipe.json" : quoted(recipe_file)) + " --run " +
               quoted(run_folder);
    std::string command = "quantoscope-worker quantize " + quoted(recipe.model) + " --method " +
                          recipe.methods[0].method + " --bits " + std::to_string(recipe.bits[0]) + " --group-size " +
                          std::to_string(recipe.group_sizes[0]) + optionFlags(recipe.methods[0]);
    if (!recipe.layer_bits.empty()) command += " --layer-bits " + quoted(layerBitsText(recipe.layer_bits));
    const auto& calibration = recipe.calibration;
    if (!calibration.data.empty())
        command += " --calibration " + quoted(calibration.data) + " --calibration-samples " +
                   std::to_string(calibration.samples) + " --sequence-length " +
                   std::to_string(calibration.sequence_length) + " --seed " + std::to_string(calibration.seed) +
                   " --sampling " + (calibration.sampling == Sampling::random ? "random" : "sequential");
    if (recipe.weight_dtype == WeightDType::source) command += " --weight-dtype source";
    if (recipe.precision == Precision::float32) command += " --precision float32";
    return command + " --run " + quoted(run_folder);
}

}  // namespace quantoscope
