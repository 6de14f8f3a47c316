#include "core/formats/tokenizer/gguf_tokenizer.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "core/base/utf8.h"
#include "core/formats/tokenizer/tokenizer_json.h"
#include "core/formats/tokenizer/tokenizer_json_model.h"

namespace quantoscope {

namespace {
GgufTokenType typeAt(const GgufTokenizerData& data, std::size_t id) {
    return id < data.types.size() ? static_cast<GgufTokenType>(data.types[id]) : GgufTokenType::normal;
}

bool isPiece(GgufTokenType type) {
    return type == GgufTokenType::normal || type == GgufTokenType::user_defined || type == GgufTokenType::unused;
}

Status checkSizes(const GgufTokenizerData& data) {
    if (data.tokens.empty()) return failure("tokenizer.ggml.tokens is missing or empty");
    if (std::ssize(data.tokens) > BpeModel::kLargestId) return failure("tokenizer.ggml.tokens has too many entries");
    if (!data.types.empty() && data.types.size() != data.tokens.size()) {
        return failure("tokenizer.ggml.token_type has " + std::to_string(data.types.size()) + " entries for " +
                       std::to_string(data.tokens.size()) + " tokens");
    }
    if (data.model == "llama" && data.scores.size() != data.tokens.size()) {
        return failure("tokenizer.ggml.scores has " + std::to_string(data.scores.size()) + " entries for " +
                       std::to_string(data.tokens.size()) + " tokens");
    }
    if (std::ranges::any_of(data.scores, [](float score) { return std::isnan(score); })) {
        return failure("tokenizer.ggml.scores holds a value that is not a number");
    }
    return {};
}

Status addSpecialId(const GgufTokenizerData& data, std::optional<std::int64_t> id, const char* key,
                    std::vector<std::int32_t>& ids) {
    if (!id.has_value() || *id < 0 || *id >= std::ssize(data.tokens)) {
        return failure(std::string(key) + " is missing or outside the vocabulary, but the file asks to add it");
    }
    ids.push_back(static_cast<std::int32_t>(*id));
    return {};
}

Status fillByteLevel(const GgufTokenizerData& data, BpeTokenizerParts& parts) {
    parts.kind = BpeKind::byte_level;
    parts.label = "byte-level BPE";
    if (data.pre == "llama-bpe") {
        QS_ASSIGN(parts.splits, compilePatterns({llama3Pattern()}));
        parts.ignore_merges = true;
    } else if (data.pre == "smollm") {
        QS_ASSIGN(parts.splits, compilePatterns({digitPattern(), gpt2Pattern()}));
    } else {
        return failure("tokenizer.ggml.pre is '" + data.pre + "', which is not supported (llama-bpe and smollm are)");
    }
    std::vector<AddedToken> added;
    for (std::size_t id = 0; id < data.tokens.size(); ++id) {
        const GgufTokenType type = typeAt(data, id);
        const auto number = static_cast<std::int32_t>(id);
        if (type == GgufTokenType::normal) {
            QS_TRY(parts.model.addToken(data.tokens[id], number));
            continue;
        }
        QS_TRY(parts.model.addText(data.tokens[id], number));
        if (type == GgufTokenType::unused || data.tokens[id].empty()) continue;
        added.push_back({.id = number, .content = data.tokens[id], .special = type != GgufTokenType::user_defined});
    }
    parts.added = AddedTokens(std::move(added));
    for (std::size_t i = 0; i < data.merges.size(); ++i) {
        QS_ASSIGN(const auto halves, mergeHalves(data.merges[i], i));
        QS_TRY(addMerge(parts.model, i, halves.first, halves.second));
    }
    return {};
}

Status fillSentencePiece(const GgufTokenizerData& data, BpeTokenizerParts& parts) {
    parts.kind = BpeKind::spaces_as_pieces;
    parts.label = "SentencePiece BPE";
    parts.byte_fallback = true;
    parts.fuse_unknown = true;
    parts.finds_added_tokens = false;
    const bool prefix = data.add_space_prefix.value_or(true);
    parts.space_prefix = prefix ? SpacePrefix::every_section : SpacePrefix::never;
    parts.strip_decoded_space = prefix;
    std::vector<AddedToken> added;
    for (std::size_t id = 0; id < data.tokens.size(); ++id) {
        const GgufTokenType type = typeAt(data, id);
        const auto number = static_cast<std::int32_t>(id);
        if (isPiece(type)) {
            QS_TRY(parts.model.addToken(data.tokens[id], number));
            continue;
        }
        QS_TRY(parts.model.addText(data.tokens[id], number));
        if (type == GgufTokenType::unknown) parts.unknown_id = number;
        if (type != GgufTokenType::byte && !data.tokens[id].empty()) {
            added.push_back({.id = number, .content = data.tokens[id], .special = true});
        }
    }
    parts.added = AddedTokens(std::move(added));
    for (const ScoredMerge& merge : mergesFromScores(data)) {
        parts.model.merges[BpeModel::pairKey(merge.left, merge.right)] = {merge.rank, merge.result};
    }
    return {};
}
}  // namespace

bool ggufAddsBos(const GgufTokenizerData& data) {
    return data.add_bos.value_or(data.model == "llama" || data.pre == "llama-bpe");
}

std::vector<ScoredMerge> mergesFromScores(const GgufTokenizerData& data) {
    std::unordered_map<std::string_view, std::int32_t> pieces;
    for (std::size_t id = 0; id < data.tokens.size(); ++id) {
        if (isPiece(typeAt(data, id))) pieces.try_emplace(data.tokens[id], static_cast<std::int32_t>(id));
    }
    std::vector<ScoredMerge> merges;
    for (const auto& [text, id] : pieces) {
        if (text.empty()) continue;
        for (std::size_t cut = utf8Length(text.front()); cut < text.size(); cut += utf8Length(text[cut])) {
            const auto left = pieces.find(text.substr(0, cut));
            const auto right = pieces.find(text.substr(cut));
            if (left != pieces.end() && right != pieces.end()) merges.push_back({left->second, right->second, id, 0});
        }
    }
    const auto score = [&](const ScoredMerge& merge) { return data.scores[static_cast<std::size_t>(merge.result)]; };
    std::ranges::sort(merges, [&](const ScoredMerge& a, const ScoredMerge& b) {
        return std::tuple(-score(a), a.left, a.right) < std::tuple(-score(b), b.left, b.right);
    });
    std::uint32_t rank = 0;
    for (std::size_t i = 0; i < merges.size(); ++i) {
        if (i > 0 && score(merges[i]) != score(merges[i - 1])) ++rank;
        merges[i].rank = rank;
    }
    return merges;
}

Result<BpeTokenizerParts> bpeFromGguf(const GgufTokenizerData& data) {
    QS_TRY(checkSizes(data));
    BpeTokenizerParts parts;
    if (data.model == "gpt2") {
        QS_TRY(fillByteLevel(data, parts));
    } else if (data.model == "llama") {
        QS_TRY(fillSentencePiece(data, parts));
    } else {
        return failure("tokenizer.ggml.model is '" + data.model + "', which is not supported (gpt2 and llama are)");
    }
    if (ggufAddsBos(data)) QS_TRY(addSpecialId(data, data.bos, "tokenizer.ggml.bos_token_id", parts.prefix));
    if (data.add_eos.value_or(false)) QS_TRY(addSpecialId(data, data.eos, "tokenizer.ggml.eos_token_id", parts.suffix));
    return parts;
}

}  // namespace quantoscope
