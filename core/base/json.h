// JSON without exceptions: what the library throws becomes an Error with line and column.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace quantoscope {

/// `name` (a file name or "the recipe") is what the message calls the text. Nesting deeper than 256 is refused.
Result<nlohmann::json> parseJson(std::string_view text, const std::string& name);
/// The file, at most `limit_bytes` large, parsed.
Result<nlohmann::json> readJsonFile(const std::string& path, std::uint64_t limit_bytes = std::uint64_t{64} << 20);
/// `indent` -1: one line. Bytes that are not UTF-8 become U+FFFD instead of an exception.
std::string jsonText(const nlohmann::json& value, int indent = -1);

/// A member with a fallback when it is absent, null or of another type.
std::string stringMember(const nlohmann::json& object, const char* key, const std::string& fallback = {});
double numberMember(const nlohmann::json& object, const char* key, double fallback = 0.0);
std::int64_t integerMember(const nlohmann::json& object, const char* key, std::int64_t fallback = 0);

}  // namespace quantoscope
