// Typed, checked access to the keys of one JSON object of a config; errors name the key, the file and what was found.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace quantoscope {

/// A key that is absent or null takes the fallback; without a fallback it is an error.
class ConfigFields {
public:
    /// `part` is the nested object's name ("rope_scaling"), empty for the top level. `object` must outlive this.
    ConfigFields(const nlohmann::json& object, std::filesystem::path where, std::string part)
        : object_(object), where_(std::move(where)), part_(std::move(part)) {}

    const std::filesystem::path& where() const { return where_; }
    bool has(const char* key) const { return find(key) != nullptr; }
    Result<std::int64_t> positive(const char* key, std::int64_t limit, std::optional<std::int64_t> fallback = {}) const;
    Result<double> positiveReal(const char* key, std::optional<double> fallback = {}) const;
    Result<bool> boolean(const char* key, bool fallback) const;
    Result<std::string> text(const char* key, const std::string& fallback) const;
    /// First entry of a list of texts, or an empty text.
    Result<std::string> firstText(const char* key) const;
    /// An id or a list of ids; null, absent and -1 give none.
    Result<std::vector<std::int64_t>> tokenIds(const char* key) const;
    /// A nested object, or null when absent.
    Result<const nlohmann::json*> object(const char* key) const;

    std::unexpected<Error> refused(const std::string& problem) const;

private:
    const nlohmann::json* find(const char* key) const;
    std::unexpected<Error> missing(const char* key) const;
    const nlohmann::json& object_;
    std::filesystem::path where_;
    std::string part_;
};

}  // namespace quantoscope
