// One call of encode: the work space and the steps from text to ids. Private to the tokenizer sources.
#pragma once

#include <array>
#include <span>

#include "core/formats/tokenizer/bpe_tokenizer.h"

namespace quantoscope {

/// Ids of the entries that stand for single bytes, -1 where there is none.
using ByteIds = std::array<std::int32_t, 256>;

class BpeEncoder {
public:
    BpeEncoder(const BpeTokenizerParts& parts, const ByteIds& byte_ids, const JobContext& job);
    /// `text` is valid UTF-8; ids are appended.
    Status encode(std::string_view text, bool parse_special, std::vector<std::int32_t>& ids);

private:
    struct CachedWord {
        std::size_t begin = 0;
        std::size_t count = 0;
    };
    Status encodePlain(std::string_view text, bool at_start, std::vector<std::int32_t>& ids);
    Status splitFrom(std::size_t stage, std::string_view text, std::vector<std::int32_t>& ids);
    Status encodeWord(std::string_view word, std::vector<std::int32_t>& ids);
    Status encodePieces(std::string_view text, bool at_start, std::vector<std::int32_t>& ids);
    void addCharacter(std::string_view character);
    Status poll(std::size_t bytes);

    const BpeTokenizerParts& parts_;
    const ByteIds& byte_ids_;
    const JobContext& job_;
    BpeMerger merger_;
    std::vector<SplitPattern::Run> runs_;
    std::vector<std::int32_t> symbols_;
    std::unordered_map<std::string, CachedWord, TextHash, std::equal_to<>> cache_;
    std::vector<std::int32_t> cached_ids_;
    std::size_t text_bytes_ = 0;
    std::size_t done_bytes_ = 0;
    std::size_t polled_bytes_ = 0;
};

}  // namespace quantoscope
