// The tokenizers that are a BPE vocabulary with rules around it: byte-level (LLaMA-3, SmolLM2) and SentencePiece-like
// with U+2581 for spaces (LLaMA-1/2). tokenizer.json and GGUF metadata are both read into BpeTokenizerParts.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/formats/tokenizer.h"
#include "core/formats/tokenizer/added_tokens.h"
#include "core/formats/tokenizer/bpe_model.h"
#include "core/formats/tokenizer/split_pattern.h"

namespace quantoscope {

enum class BpeKind { byte_level, spaces_as_pieces };

/// Where spaces_as_pieces puts a U+2581 before the text.
enum class SpacePrefix {
    never,
    every_section,     ///< before each piece of text between added tokens (legacy normalizer "Prepend")
    first_if_missing,  ///< Metaspace "first": at the start of the text, unless it begins with a space
    every_if_missing,  ///< Metaspace "always"
};

struct BpeTokenizerParts {
    BpeKind kind = BpeKind::byte_level;
    BpeModel model;
    bool ignore_merges = false;  ///< a word that is an entry is that entry
    bool byte_fallback = false;  ///< characters outside the vocabulary become <0xXX> entries
    bool fuse_unknown = false;
    std::int32_t unknown_id = -1;
    /// Byte-level: applied one inside the pieces of the other.
    std::vector<std::shared_ptr<const SplitPattern>> splits;
    SpacePrefix space_prefix = SpacePrefix::never;
    bool strip_decoded_space = false;  ///< decoding removes one leading space
    bool finds_added_tokens = true;    ///< false: special strings in a text are text (SentencePiece)
    AddedTokens added;
    std::vector<std::int32_t> prefix;  ///< BOS
    std::vector<std::int32_t> suffix;
    std::string label;  ///< "byte-level BPE"
};

std::shared_ptr<const Tokenizer> makeBpeTokenizer(BpeTokenizerParts parts);

/// U+2581, which stands for a space.
inline constexpr std::string_view kSpacePiece = "\xE2\x96\x81";
/// The value of "<0x0A>", or -1 for other texts.
int byteOfPiece(std::string_view piece);
/// "49,152"
std::string withThousands(std::int64_t number);

}  // namespace quantoscope
