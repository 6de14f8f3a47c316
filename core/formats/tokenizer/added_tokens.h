// Tokens that are found in the text as they are written, before anything else is done to it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"

namespace quantoscope {

struct AddedToken {
    std::int32_t id = -1;
    std::string content;
    bool special = false;
    bool normalized = false;  ///< looked for after the others
    bool lstrip = false;      ///< takes the white space before it along
    bool rstrip = false;
};

class AddedTokens {
public:
    AddedTokens() = default;
    explicit AddedTokens(std::vector<AddedToken> tokens);
    // The finders hold views into the vector's elements: these survive a move, not a copy.
    AddedTokens(AddedTokens&&) = default;
    AddedTokens& operator=(AddedTokens&&) = default;
    AddedTokens(const AddedTokens&) = delete;
    AddedTokens& operator=(const AddedTokens&) = delete;
    ~AddedTokens() = default;

    const std::vector<AddedToken>& all() const { return tokens_; }
    /// The added token with this id, or null.
    const AddedToken* find(std::int32_t id) const;
    const AddedToken* find(std::string_view content) const;

    /// Called with the text between added tokens (id -1, never empty) and with each added token found.
    using Section = std::function<Status(std::string_view text, std::int32_t id)>;
    /// Leftmost, then longest. With `parse_special` off only those that are not special are found.
    Status split(std::string_view text, bool parse_special, const Section& section) const;

private:
    struct Finder {
        std::unordered_map<std::string_view, std::size_t> by_content;  ///< views into tokens_
        std::vector<std::size_t> lengths;                              ///< descending
        std::string first_bytes;
    };
    static void addTo(Finder& finder, std::string_view content, std::size_t index);
    Status splitWith(const Finder& finder, std::string_view text, bool parse_special, const Section& section) const;
    const AddedToken* matchAt(const Finder& finder, std::string_view text, std::size_t offset,
                              bool parse_special) const;

    std::vector<AddedToken> tokens_;
    std::unordered_map<std::int32_t, std::size_t> by_id_;
    Finder plain_;
    Finder normalized_;
};

}  // namespace quantoscope
