// A tokenizer for tests: a token per word with the space before it, and one for each space left over. It remembers what
// it was asked.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/formats/tokenizer.h"

namespace quantoscope::test {

class WordTokenizer final : public Tokenizer {
public:
    Result<std::vector<std::int32_t>> encode(std::string_view text, const EncodeOptions& /*options*/,
                                             const JobContext& /*job*/) const override {
        seen_.emplace_back(text);
        std::vector<std::int32_t> ids;
        while (!text.empty()) {
            const auto start = text.find_first_not_of(' ');
            const auto end = start > 1 ? 1 : std::min(text.size(), text.find(' ', start));
            const auto [known, is_new] =
                ids_.emplace(std::string(text.substr(0, end)), static_cast<std::int32_t>(ids_.size()));
            ids.push_back(known->second);
            text.remove_prefix(end);
        }
        return ids;
    }
    /// Texts since the last call.
    std::vector<std::string> seen() const { return std::exchange(seen_, {}); }

    std::string decode(std::span<const std::int32_t> /*ids*/, bool /*skip_special*/) const override { return {}; }
    std::int64_t vocabularySize() const override { return 1000; }
    std::optional<std::int32_t> tokenId(std::string_view /*token*/) const override { return std::nullopt; }
    std::string tokenText(std::int32_t /*id*/) const override { return {}; }
    std::string description() const override { return "words"; }

private:
    mutable std::vector<std::string> seen_;
    mutable std::map<std::string, std::int32_t> ids_;
};

}  // namespace quantoscope::test
