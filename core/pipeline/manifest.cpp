#include "core/pipeline/manifest.h"

#include <omp.h>

#include <ctime>
#include <nlohmann/json.hpp>

#include "kernels/base/cpu_features.h"

namespace quantoscope {
namespace {

std::string nowUtc() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

nlohmann::ordered_json mapJson(const std::map<std::string, std::string>& map) {
    auto object = nlohmann::ordered_json::object();
    for (const auto& [key, value] : map) object[key] = value;
    return object;
}

void readMap(const nlohmann::json& manifest, const char* key, std::map<std::string, std::string>& map) {
    const auto found = manifest.find(key);
    if (found == manifest.end() || !found->is_object()) return;
    for (const auto& [name, value] : found->items())
        if (value.is_string()) map[name] = value.get<std::string>();
}

std::string deviceWords(const std::string& device) {
    return device == kCpuDevice ? "on the CPU" : "on a GPU";
}

}  // namespace

Manifest makeManifest(const Recipe& recipe, const ModelFiles& model, const std::string& calibration_hash) {
    Manifest manifest;
    const auto& calibration = recipe.calibration;
    manifest.binding["model"] = model.fingerprint();
    manifest.binding["weight_dtype"] = recipe.weight_dtype == WeightDType::bfloat16 ? "bfloat16" : "source";
    manifest.binding["precision"] = recipe.precision == Precision::bfloat16 ? "bfloat16" : "float32";
    manifest.binding["calibration tokens"] = calibration_hash;
    manifest.binding[kDeviceKey] = kCpuDevice;
    manifest.recorded["version"] = QUANTOSCOPE_VERSION;
    manifest.recorded["instruction set"] = kernels::cpuLevelName(kernels::cpuLevel());
    manifest.recorded["threads"] = std::to_string(omp_get_max_threads());
    manifest.recorded["created"] = nowUtc();
    manifest.recorded["model path"] = recipe.model;
    manifest.recorded["calibration data"] = calibration.data;
    manifest.recorded["calibration seed"] = std::to_string(calibration.seed);
    return manifest;
}

std::string manifestJson(const Manifest& manifest) {
    const nlohmann::ordered_json object{
        {"schema_version", 1}, {"binding", mapJson(manifest.binding)}, {"recorded", mapJson(manifest.recorded)}};
    return object.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Result<Manifest> parseManifest(const std::string& json_text) {
    const auto object = nlohmann::json::parse(json_text, nullptr, false);
    if (!object.is_object()) return failure("manifest.json of the run folder is damaged: it is not a JSON object");
    Manifest manifest;
    readMap(object, "binding", manifest.binding);
    readMap(object, "recorded", manifest.recorded);
    return manifest;
}

std::string deviceOf(const Manifest& manifest) {
    const auto found = manifest.binding.find(kDeviceKey);
    return found == manifest.binding.end() ? kCpuDevice : found->second;
}

Status compareManifests(const Manifest& earlier, const Manifest& now) {
    if (const auto before = deviceOf(earlier); before != deviceOf(now))
        return failure("this run folder was computed " + deviceWords(before) + "; go on with --device " + before +
                           ", or choose a new run folder: results of the two are not mixed",
                       {}, "device: " + before + " before, " + deviceOf(now) + " now");
    for (const auto& [name, value] : now.binding) {
        if (name == kDeviceKey) continue;
        const auto before = earlier.binding.find(name);
        if (before != earlier.binding.end() && before->second == value) continue;
        const auto old = before == earlier.binding.end() ? std::string("nothing") : before->second;
        const bool is_hash = value.size() > 20;
        return failure("this run folder was made with another " +
                           (name == "model" ? "model (the file has changed or is not the same)" : name) +
                           (is_hash ? "" : ": " + old + ", not " + value) + "; choose a new run folder",
                       {}, name + ": " + old + " before, " + value + " now");
    }
    return {};
}

std::string provenanceText(const Manifest& manifest) {
    std::string text;
    for (const auto& [name, value] : manifest.binding)
        if (name != "model" && !(name == kDeviceKey && value == kCpuDevice))
            text += name + "=" + value + ";";  // each block carries the hash of its own weights
    return text;
}

}  // namespace quantoscope
