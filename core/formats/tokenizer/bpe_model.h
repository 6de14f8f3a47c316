// A BPE vocabulary and its merges, and the merge loop.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"

namespace quantoscope {

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
using TokenIds = std::unordered_map<std::string, std::int32_t, TextHash, std::equal_to<>>;

struct BpeMerge {
    std::uint32_t rank = 0;  ///< lower merges first; equal ranks merge leftmost first
    std::int32_t result = -1;
};

struct BpeModel {
    /// Ids above this are refused: a file must not be able to ask for a table of billions.
    static constexpr std::int64_t kLargestId = (std::int64_t{1} << 24) - 1;

    std::vector<std::string> tokens;  ///< text by id; empty where an id is not used
    TokenIds ids;
    std::unordered_map<std::uint64_t, BpeMerge> merges;  ///< by pairKey

    static std::uint64_t pairKey(std::int32_t left, std::int32_t right) {
        return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32) | static_cast<std::uint32_t>(right);
    }
    /// -1 when the text is no entry.
    std::int32_t find(std::string_view text) const {
        const auto found = ids.find(text);
        return found == ids.end() ? -1 : found->second;
    }
    /// Adds an entry; the error says that the id is out of range or used twice.
    Status addToken(std::string_view text, std::int64_t id);
    /// The same for a token that words are not made of: it has a text, but find does not see it.
    Status addText(std::string_view text, std::int64_t id);
};

/// Work space of the merge loop, kept between words.
class BpeMerger {
public:
    explicit BpeMerger(const BpeModel& model) : model_(model) {}
    /// Merges `symbols` in place until no pair is in the table. Polls the job in long words.
    Status merge(std::vector<std::int32_t>& symbols, const JobContext& job);

private:
    struct Candidate {
        std::uint32_t rank;
        std::uint32_t left;  ///< index of the left symbol
        std::int32_t left_id;
        std::int32_t right_id;
        std::int32_t result;
        /// For a heap whose top is the lowest rank, leftmost.
        bool operator<(const Candidate& other) const {
            return rank != other.rank ? rank > other.rank : left > other.left;
        }
    };
    void offer(const std::vector<std::int32_t>& symbols, std::uint32_t left, std::uint32_t right);

    const BpeModel& model_;
    std::vector<Candidate> heap_;
    std::vector<std::uint32_t> next_;
    std::vector<std::uint32_t> previous_;
};

}  // namespace quantoscope
