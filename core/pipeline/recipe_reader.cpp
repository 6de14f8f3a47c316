#include "core/pipeline/recipe_reader.h"

#include <algorithm>

#include "core/base/option.h"

namespace quantoscope {

const nlohmann::json* RecipeReader::find(const char* key) {
    known_.emplace_back(key);
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
}

void RecipeReader::refuse(const std::string& key, const std::string& expected, const nlohmann::json& found) {
    if (!problem_.empty()) return;
    std::string shown = found.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    if (shown.size() > 60) shown = shown.substr(0, 57) + "...";
    problem_ = place_ + ": '" + key + "' must be " + expected + ", found " + shown;
}

void RecipeReader::text(const char* key, std::string& value) {
    const auto* found = find(key);
    if (found == nullptr) return;
    if (!found->is_string()) return refuse(key, "a text", *found);
    value = found->get<std::string>();
}

void RecipeReader::integer(const char* key, std::int64_t& value, std::int64_t minimum, std::int64_t maximum) {
    const auto* found = find(key);
    if (found == nullptr) return;
    const bool fits = found->is_number_integer() &&
                      (!found->is_number_unsigned() || found->get<std::uint64_t>() <= INT64_MAX) &&
                      found->get<std::int64_t>() >= minimum && found->get<std::int64_t>() <= maximum;
    if (!fits)
        return refuse(key, "a whole number from " + std::to_string(minimum) + " to " + std::to_string(maximum), *found);
    value = found->get<std::int64_t>();
}

void RecipeReader::boolean(const char* key, bool& value) {
    const auto* found = find(key);
    if (found == nullptr) return;
    if (!found->is_boolean()) return refuse(key, "true or false", *found);
    value = found->get<bool>();
}

void RecipeReader::integers(const char* key, std::vector<std::int64_t>& values) {
    const auto* found = find(key);
    if (found == nullptr) return;
    const auto is_integer = [](const nlohmann::json& item) { return item.is_number_integer(); };
    if (!found->is_array() || found->empty() || found->size() > 64 || !std::ranges::all_of(*found, is_integer))
        return refuse(key, "a list of whole numbers", *found);
    values.clear();
    for (const auto& item : *found) values.push_back(item.get<std::int64_t>());
}

void RecipeReader::choice(const char* key, const std::vector<std::string>& words, std::size_t& index) {
    const auto* found = find(key);
    if (found == nullptr) return;
    const auto position = found->is_string() ? std::ranges::find(words, found->get<std::string>()) : words.end();
    if (position == words.end()) {
        std::string allowed;
        for (const auto& word : words) allowed += (allowed.empty() ? "\"" : " or \"") + word + "\"";
        return refuse(key, allowed, *found);
    }
    index = static_cast<std::size_t>(position - words.begin());
}

const nlohmann::json* RecipeReader::object(const char* key) {
    const auto* found = find(key);
    if (found == nullptr || found->is_object()) return found;
    refuse(key, "an object", *found);
    return nullptr;
}

const nlohmann::json* RecipeReader::list(const char* key) {
    const auto* found = find(key);
    if (found == nullptr || (found->is_array() && found->size() <= 1000)) return found;
    refuse(key, "a list", *found);
    return nullptr;
}

Status RecipeReader::finish() const {
    if (!problem_.empty()) return failure(problem_);
    if (!object_.is_object()) return failure(place_ + " must be an object");
    for (const auto& [key, value] : object_.items()) {
        if (std::ranges::find(known_, key) != known_.end()) continue;
        const auto near = nearestWord(key, known_);
        return failure(place_ + ": unknown key '" + key + "'" + (near.empty() ? "" : "; did you mean '" + near + "'?"));
    }
    return {};
}

}  // namespace quantoscope
