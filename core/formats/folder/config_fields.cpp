#include "core/formats/folder/config_fields.h"

#include <cmath>

#include "core/formats/strict_json.h"

namespace quantoscope {
namespace {

using Json = nlohmann::json;

std::string shown(const Json& value) {
    return excerpt(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}
std::string quoted(const char* key) {
    return std::string("'") + key + "'";
}

}  // namespace

std::unexpected<Error> ConfigFields::refused(const std::string& problem) const {
    const auto prefix = part_.empty() ? std::string() : part_ + ": ";
    return failure(where_.filename().string() + ": " + prefix + problem, where_.string());
}

std::unexpected<Error> ConfigFields::missing(const char* key) const {
    return refused(quoted(key) + " is missing" + (part_.empty() ? ", a LLaMA config must state it" : ""));
}

const Json* ConfigFields::find(const char* key) const {
    const auto found = object_.find(key);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
}

Result<std::int64_t> ConfigFields::positive(const char* key, std::int64_t limit,
                                            std::optional<std::int64_t> fallback) const {
    const auto* value = find(key);
    if (value == nullptr) {
        if (fallback) return *fallback;
        return missing(key);
    }
    if (!value->is_number_integer() || (!value->is_number_unsigned() && value->get<std::int64_t>() <= 0) ||
        (value->is_number_unsigned() && value->get<std::uint64_t>() == 0))
        return refused(quoted(key) + " must be a positive integer, found " + shown(*value));
    if (value->get<std::uint64_t>() > static_cast<std::uint64_t>(limit))
        return refused(quoted(key) + " is " + shown(*value) + ", above the limit of " + std::to_string(limit));
    return value->get<std::int64_t>();
}

Result<double> ConfigFields::positiveReal(const char* key, std::optional<double> fallback) const {
    const auto* value = find(key);
    if (value == nullptr) {
        if (fallback) return *fallback;
        return missing(key);
    }
    if (!value->is_number() || !std::isfinite(value->get<double>()) || value->get<double>() <= 0)
        return refused(quoted(key) + " must be a positive number, found " + shown(*value));
    return value->get<double>();
}

Result<bool> ConfigFields::boolean(const char* key, bool fallback) const {
    const auto* value = find(key);
    if (value == nullptr) return fallback;
    if (!value->is_boolean()) return refused(quoted(key) + " must be true or false, found " + shown(*value));
    return value->get<bool>();
}

Result<std::string> ConfigFields::text(const char* key, const std::string& fallback) const {
    const auto* value = find(key);
    if (value == nullptr) return fallback;
    if (!value->is_string()) return refused(quoted(key) + " must be text, found " + shown(*value));
    return value->get<std::string>();
}

Result<std::string> ConfigFields::firstText(const char* key) const {
    const auto* value = find(key);
    if (value == nullptr || (value->is_array() && value->empty())) return std::string();
    if (!value->is_array() || !value->front().is_string())
        return refused(quoted(key) + " must be a list of names, found " + shown(*value));
    return value->front().get<std::string>();
}

Result<std::vector<std::int64_t>> ConfigFields::tokenIds(const char* key) const {
    const auto* value = find(key);
    std::vector<std::int64_t> ids;
    if (value == nullptr) return ids;
    const auto list = value->is_array() ? *value : Json::array({*value});
    if (list.size() > 1024) return refused(quoted(key) + " lists more than 1024 ids");
    for (const auto& id : list) {
        if (!id.is_number_integer() || (id.is_number_unsigned() && id.get<std::uint64_t>() > 0x7fffffffU))
            return refused(quoted(key) + " must be a token id or a list of ids, found " + shown(*value));
        if (id.get<std::int64_t>() >= 0) ids.push_back(id.get<std::int64_t>());
    }
    return ids;
}

Result<const Json*> ConfigFields::object(const char* key) const {
    const auto* value = find(key);
    if (value != nullptr && !value->is_object())
        return refused(quoted(key) + " must be an object, found " + shown(*value));
    return value;
}

}  // namespace quantoscope
