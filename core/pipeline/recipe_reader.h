// Reads one JSON object key by key, and afterwards tells which keys nobody asked for. Private to core/pipeline.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace quantoscope {

class RecipeReader {
public:
    /// `place` names the object in errors: "recipe", "calibration", "methods[1]".
    RecipeReader(const nlohmann::json& object, std::string place) : object_(object), place_(std::move(place)) {}

    /// Each reads a key if it is there and remembers that it is known; the first problem is kept for finish().
    void text(const char* key, std::string& value);
    void integer(const char* key, std::int64_t& value, std::int64_t minimum, std::int64_t maximum);
    void boolean(const char* key, bool& value);
    void integers(const char* key, std::vector<std::int64_t>& values);
    /// Sets `index` to the position of the found word among `words`.
    void choice(const char* key, const std::vector<std::string>& words, std::size_t& index);
    /// The member itself, or null when absent; `is_list` says which of object and list it must be.
    const nlohmann::json* object(const char* key);
    const nlohmann::json* list(const char* key);

    /// The first error met, else an error for an unknown key that names the nearest known one.
    Status finish() const;

private:
    const nlohmann::json* find(const char* key);
    void refuse(const std::string& key, const std::string& expected, const nlohmann::json& found);

    const nlohmann::json& object_;
    std::string place_;
    std::vector<std::string> known_;
    std::string problem_;
};

}  // namespace quantoscope
