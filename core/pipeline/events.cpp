#include "core/pipeline/events.h"

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

namespace quantoscope {
namespace {

constexpr std::array<std::string_view, 10> kNames{
    "started",         "progress", "block_finished", "score",  "configuration_finished",
    "export_finished", "note",     "finished",       "phases", "device"};
constexpr std::size_t kMostPhases = 64;
constexpr std::size_t kMostPurposes = 16;

template <typename Number>
void readNumber(const nlohmann::json& object, const char* key, Number& value) {
    const auto found = object.find(key);
    if (found != object.end() && found->is_number()) value = found->get<Number>();
}

void readText(const nlohmann::json& object, const char* key, std::string& value) {
    const auto found = object.find(key);
    if (found != object.end() && found->is_string()) value = found->get<std::string>();
}

nlohmann::ordered_json phasesJson(const std::vector<EventPhase>& phases) {
    auto array = nlohmann::ordered_json::array();
    for (const auto& phase : phases) {
        array.push_back({{"name", phase.name}, {"seconds", phase.seconds}, {"cpu_seconds", phase.cpu_seconds}});
        if (phase.operations > 0.0) array.back()["operations"] = phase.operations;
    }
    return array;
}

void readPhases(const nlohmann::json& object, std::vector<EventPhase>& phases) {
    const auto found = object.find("phases");
    if (found == object.end() || !found->is_array()) return;
    for (const auto& each : *found) {
        if (!each.is_object() || phases.size() == kMostPhases) continue;
        EventPhase phase;
        readText(each, "name", phase.name);
        readNumber(each, "seconds", phase.seconds);
        readNumber(each, "cpu_seconds", phase.cpu_seconds);
        readNumber(each, "operations", phase.operations);
        phases.push_back(std::move(phase));
    }
}

nlohmann::ordered_json memoryJson(const std::vector<EventMemory>& memory) {
    auto array = nlohmann::ordered_json::array();
    for (const auto& part : memory)
        array.push_back({{"purpose", part.purpose}, {"bytes", part.bytes}, {"peak_bytes", part.peak_bytes}});
    return array;
}

void readMemory(const nlohmann::json& object, std::vector<EventMemory>& memory) {
    const auto found = object.find("device_memory");
    if (found == object.end() || !found->is_array()) return;
    for (const auto& each : *found) {
        if (!each.is_object() || memory.size() == kMostPurposes) continue;
        EventMemory part;
        readText(each, "purpose", part.purpose);
        readNumber(each, "bytes", part.bytes);
        readNumber(each, "peak_bytes", part.peak_bytes);
        memory.push_back(std::move(part));
    }
}

}  // namespace

std::string eventJson(const Event& event) {
    nlohmann::ordered_json object{{"event", kNames[static_cast<std::size_t>(event.kind)]}};
    if (!event.configuration.empty()) object["configuration"] = event.configuration;
    if (event.block >= 0) object["block"] = event.block;
    if (event.fraction >= 0.0) object["fraction"] = event.fraction;
    if (event.eta_seconds >= 0.0) object["eta_seconds"] = event.eta_seconds;
    if (event.kind == EventKind::score) object["value"] = event.value;
    if (event.memory_bytes > 0) object["memory_bytes"] = event.memory_bytes;
    if (!event.text.empty()) object["text"] = event.text;
    if (event.kind == EventKind::phases) {
        object["seconds"] = event.seconds;
        object["mapped_bytes"] = event.mapped_bytes;
        object["phases"] = phasesJson(event.phases);
    }
    if (event.kind == EventKind::device) {
        object["device_budget_bytes"] = event.device_budget_bytes;
        object["device_memory"] = memoryJson(event.device_memory);
    }
    return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Result<Event> parseEvent(const std::string& json_line) {
    const auto object = nlohmann::json::parse(json_line, nullptr, false);
    Event event;
    std::string name;
    if (object.is_object()) readText(object, "event", name);
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    if (found == kNames.end()) return failure("the worker sent a line that is no event", {}, json_line.substr(0, 200));
    event.kind = static_cast<EventKind>(found - kNames.begin());
    readText(object, "configuration", event.configuration);
    readText(object, "text", event.text);
    readNumber(object, "block", event.block);
    readNumber(object, "fraction", event.fraction);
    readNumber(object, "eta_seconds", event.eta_seconds);
    readNumber(object, "value", event.value);
    readNumber(object, "memory_bytes", event.memory_bytes);
    readNumber(object, "seconds", event.seconds);
    readNumber(object, "mapped_bytes", event.mapped_bytes);
    readPhases(object, event.phases);
    readNumber(object, "device_budget_bytes", event.device_budget_bytes);
    readMemory(object, event.device_memory);
    return event;
}

}  // namespace quantoscope
