#include "core/formats/tokenizer/added_tokens.h"

#include <algorithm>

#include "core/base/utf8.h"

namespace quantoscope {

namespace {
std::size_t whiteSpaceEnd(std::string_view text, std::size_t offset) {
    while (offset < text.size() && isWhiteSpace(codePointAt(text, offset))) offset += utf8Length(text[offset]);
    return offset;
}

std::size_t whiteSpaceBegin(std::string_view text, std::size_t offset, std::size_t limit) {
    while (offset > limit) {
        std::size_t start = offset - 1;
        while (start > limit && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
        if (!isWhiteSpace(codePointAt(text, start))) break;
        offset = start;
    }
    return offset;
}
}  // namespace

AddedTokens::AddedTokens(std::vector<AddedToken> tokens) : tokens_(std::move(tokens)) {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
        by_id_.try_emplace(tokens_[i].id, i);
        addTo(tokens_[i].normalized ? normalized_ : plain_, tokens_[i].content, i);
    }
}

void AddedTokens::addTo(Finder& finder, std::string_view content, std::size_t index) {
    if (content.empty() || !finder.by_content.try_emplace(content, index).second) return;
    auto& lengths = finder.lengths;
    if (std::find(lengths.begin(), lengths.end(), content.size()) == lengths.end()) {
        lengths.insert(std::lower_bound(lengths.begin(), lengths.end(), content.size(), std::greater<>()),
                       content.size());
    }
    if (finder.first_bytes.find(content.front()) == std::string::npos) finder.first_bytes += content.front();
}

const AddedToken* AddedTokens::find(std::int32_t id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &tokens_[found->second];
}

const AddedToken* AddedTokens::find(std::string_view content) const {
    for (const Finder* finder : {&plain_, &normalized_}) {
        const auto found = finder->by_content.find(content);
        if (found != finder->by_content.end()) return &tokens_[found->second];
    }
    return nullptr;
}

const AddedToken* AddedTokens::matchAt(const Finder& finder, std::string_view text, std::size_t offset,
                                       bool parse_special) const {
    for (const std::size_t length : finder.lengths) {
        if (offset + length > text.size()) continue;
        const auto found = finder.by_content.find(text.substr(offset, length));
        if (found == finder.by_content.end()) continue;
        const AddedToken& token = tokens_[found->second];
        if (parse_special || !token.special) return &token;
    }
    return nullptr;
}

Status AddedTokens::splitWith(const Finder& finder, std::string_view text, bool parse_special,
                              const Section& section) const {
    std::size_t done = 0;
    std::size_t offset = finder.first_bytes.empty() ? std::string_view::npos : text.find_first_of(finder.first_bytes);
    while (offset != std::string_view::npos) {
        const AddedToken* token = matchAt(finder, text, offset, parse_special);
        if (token == nullptr) {
            offset = text.find_first_of(finder.first_bytes, offset + 1);
            continue;
        }
        const std::size_t begin = token->lstrip ? whiteSpaceBegin(text, offset, done) : offset;
        const std::size_t after = offset + token->content.size();
        if (begin > done) QS_TRY(section(text.substr(done, begin - done), -1));
        QS_TRY(section(text.substr(offset, token->content.size()), token->id));
        done = token->rstrip ? whiteSpaceEnd(text, after) : after;
        offset = text.find_first_of(finder.first_bytes, done);
    }
    if (done < text.size()) QS_TRY(section(text.substr(done), -1));
    return {};
}

Status AddedTokens::split(std::string_view text, bool parse_special, const Section& section) const {
    return splitWith(plain_, text, parse_special, [&](std::string_view part, std::int32_t id) -> Status {
        if (id >= 0) return section(part, id);
        return splitWith(normalized_, part, parse_special, section);
    });
}

}  // namespace quantoscope
