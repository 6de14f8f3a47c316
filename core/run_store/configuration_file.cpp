#include "core/run_store/configuration_file.h"

#include <algorithm>
#include <cmath>

#include "core/base/json.h"
#include "core/methods/method.h"

namespace quantoscope {
namespace {

constexpr std::int64_t kFormatVersion = 1;

nlohmann::json optionJson(const OptionValue& value) {
    return std::visit([](const auto& held) { return nlohmann::json(held); }, value);
}

Result<OptionValue> optionFromJson(const nlohmann::json& value, const std::string& path) {
    if (value.is_boolean()) return OptionValue(value.get<bool>());
    if (value.is_number_integer()) return OptionValue(value.get<std::int64_t>());
    if (value.is_number_float()) return OptionValue(value.get<double>());
    if (value.is_string()) return OptionValue(value.get<std::string>());
    return failure("'" + path + "' is damaged: an option is neither a number nor a text.", path);
}

bool allowed(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
}

}  // namespace

std::string configurationJson(const ConfigurationInfo& info) {
    nlohmann::json options = nlohmann::json::object();
    for (const auto& [id, value] : info.options) options[id] = optionJson(value);
    nlohmann::json content{{"format_version", kFormatVersion},
                           {"id", info.id},
                           {"method", info.method},
                           {"options", options},
                           {"state", info.state},
                           {"finished_blocks", info.finished_blocks},
                           {"block_count", info.block_count},
                           {"bits_per_weight", std::isfinite(info.bits_per_weight) ? info.bits_per_weight : 0.0},
                           {"seconds", std::isfinite(info.seconds) ? info.seconds : 0.0},
                           {"peak_bytes", info.peak_bytes}};
    if (!info.checkpoint.empty()) content["checkpoint"] = info.checkpoint;
    if (!info.checkpoint_fingerprint.empty()) content["checkpoint_fingerprint"] = info.checkpoint_fingerprint;
    if (!info.layer_bits.empty()) content["layer_bits"] = info.layer_bits;
    return jsonText(content, 2) + "\n";
}

Result<ConfigurationInfo> parseConfiguration(const std::string& text, const std::string& path) {
    QS_ASSIGN(const nlohmann::json content, parseJson(text, std::string("'").append(path).append("'")));
    if (!content.is_object()) return failure("'" + path + "' is damaged: it is not a JSON object.", path);
    if (integerMember(content, "format_version", 1) > kFormatVersion)
        return failure("'" + path + "' was written by a newer Quantoscope: update this one to open it.", path);
    ConfigurationInfo info;
    info.id = stringMember(content, "id");
    info.method = stringMember(content, "method");
    info.checkpoint = stringMember(content, "checkpoint");
    info.checkpoint_fingerprint = stringMember(content, "checkpoint_fingerprint");
    info.layer_bits = stringMember(content, "layer_bits");
    info.state = stringMember(content, "state", "waiting");
    info.finished_blocks = integerMember(content, "finished_blocks");
    info.block_count = integerMember(content, "block_count");
    info.bits_per_weight = numberMember(content, "bits_per_weight");
    info.seconds = numberMember(content, "seconds");
    info.peak_bytes = integerMember(content, "peak_bytes");
    if (const auto options = content.find("options"); options != content.end() && options->is_object())
        for (const auto& [id, value] : options->items()) {
            QS_ASSIGN(info.options[id], optionFromJson(value, path));
        }
    // A run that was made before an option there is now was made with its default.
    if (const auto method = findMethod(info.method))
        if (auto complete = completeOptions((*method)->options, info.options)) info.options = std::move(*complete);
    return info;
}

Status checkConfigurationId(const std::string& id) {
    const bool fine = !id.empty() && id.size() <= 200 && id.front() != '.' && std::ranges::all_of(id, allowed);
    if (!fine)
        return usageError("'" + id + "' is not a configuration id: it may hold letters, digits, '.', '_' and '-'.");
    return {};
}

}  // namespace quantoscope
