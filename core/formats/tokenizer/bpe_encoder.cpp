#include "core/formats/tokenizer/bpe_encoder.h"

#include <algorithm>

#include "core/base/utf8.h"
#include "core/formats/tokenizer/byte_level.h"

namespace quantoscope {

namespace {
constexpr std::size_t kBytesBetweenPolls = std::size_t{64} << 10;
constexpr std::size_t kLongestCachedWord = 256;
constexpr std::size_t kCachedWords = 200'000;
}  // namespace

BpeEncoder::BpeEncoder(const BpeTokenizerParts& parts, const ByteIds& byte_ids, const JobContext& job)
    : parts_(parts), byte_ids_(byte_ids), job_(job), merger_(parts.model) {
    for (const auto& pattern : parts.splits) runs_.emplace_back(pattern);
}

Status BpeEncoder::encode(std::string_view text, bool parse_special, std::vector<std::int32_t>& ids) {
    text_bytes_ = text.size();
    if (!parts_.finds_added_tokens) return text.empty() ? Status{} : encodePlain(text, true, ids);
    return parts_.added.split(text, parse_special, [&](std::string_view section, std::int32_t id) -> Status {
        if (id < 0) return encodePlain(section, section.data() == text.data(), ids);
        ids.push_back(id);
        return poll(section.size());
    });
}

Status BpeEncoder::encodePlain(std::string_view text, bool at_start, std::vector<std::int32_t>& ids) {
    if (parts_.kind == BpeKind::spaces_as_pieces) return encodePieces(text, at_start, ids);
    return splitFrom(0, text, ids);
}

Status BpeEncoder::poll(std::size_t bytes) {
    done_bytes_ += bytes;
    if (done_bytes_ < polled_bytes_ + kBytesBetweenPolls) return {};
    polled_bytes_ = done_bytes_;
    job_.report("Tokenizing", static_cast<double>(done_bytes_) / static_cast<double>(text_bytes_));
    return job_.checkStop();
}

Status BpeEncoder::splitFrom(std::size_t stage, std::string_view text, std::vector<std::int32_t>& ids) {
    if (stage == runs_.size()) {
        QS_TRY(encodeWord(text, ids));
        return poll(text.size());
    }
    return runs_[stage].split(text, [&](std::string_view piece) { return splitFrom(stage + 1, piece, ids); });
}

Status BpeEncoder::encodeWord(std::string_view word, std::vector<std::int32_t>& ids) {
    if (const auto cached = cache_.find(word); cached != cache_.end()) {
        const auto begin = cached_ids_.begin() + static_cast<std::ptrdiff_t>(cached->second.begin);
        ids.insert(ids.end(), begin, begin + static_cast<std::ptrdiff_t>(cached->second.count));
        return {};
    }
    symbols_.clear();
    const std::int32_t whole = parts_.ignore_merges ? parts_.model.find(toByteLevel(word)) : -1;
    if (whole >= 0) {
        symbols_.push_back(whole);
    } else {
        // A byte without an entry is left out, as the reference engine does when there is no unknown token.
        for (const char byte : word) {
            const std::int32_t id = byte_ids_[static_cast<unsigned char>(byte)];
            if (id >= 0) symbols_.push_back(id);
        }
        QS_TRY(merger_.merge(symbols_, job_));
    }
    ids.insert(ids.end(), symbols_.begin(), symbols_.end());
    if (word.size() <= kLongestCachedWord && cache_.size() < kCachedWords) {
        cache_.try_emplace(std::string(word), CachedWord{cached_ids_.size(), symbols_.size()});
        cached_ids_.insert(cached_ids_.end(), symbols_.begin(), symbols_.end());
    }
    return {};
}

void BpeEncoder::addCharacter(std::string_view character) {
    if (const std::int32_t id = parts_.model.find(character); id >= 0) {
        symbols_.push_back(id);
        return;
    }
    const auto id_of = [&](char byte) { return byte_ids_[static_cast<unsigned char>(byte)]; };
    if (parts_.byte_fallback && std::ranges::all_of(character, [&](char byte) { return id_of(byte) >= 0; })) {
        for (const char byte : character) symbols_.push_back(id_of(byte));
        return;
    }
    const bool fused = parts_.fuse_unknown && !symbols_.empty() && symbols_.back() == parts_.unknown_id;
    if (parts_.unknown_id >= 0 && !fused) symbols_.push_back(parts_.unknown_id);
}

Status BpeEncoder::encodePieces(std::string_view text, bool at_start, std::vector<std::int32_t>& ids) {
    const bool begins_with_space = text.starts_with(' ') || text.starts_with(kSpacePiece);
    const bool prefixed = parts_.space_prefix == SpacePrefix::every_section ||
                          (parts_.space_prefix == SpacePrefix::every_if_missing && !begins_with_space) ||
                          (parts_.space_prefix == SpacePrefix::first_if_missing && at_start && !begins_with_space);
    symbols_.clear();
    if (prefixed) addCharacter(kSpacePiece);
    for (std::size_t offset = 0; offset < text.size();) {
        const std::size_t length = utf8Length(text[offset]);
        addCharacter(text[offset] == ' ' ? kSpacePiece : text.substr(offset, length));
        offset += length;
        QS_TRY(poll(length));
    }
    QS_TRY(merger_.merge(symbols_, job_));
    ids.insert(ids.end(), symbols_.begin(), symbols_.end());
    return {};
}

}  // namespace quantoscope
