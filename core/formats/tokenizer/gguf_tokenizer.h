// The tokenizer stored in GGUF metadata.
#pragma once

#include <filesystem>

#include "core/formats/tokenizer/bpe_tokenizer.h"

namespace quantoscope {

enum class GgufTokenType { normal = 1, unknown = 2, control = 3, user_defined = 4, unused = 5, byte = 6 };

/// The tokenizer.* keys, as stored.
struct GgufTokenizerData {
    std::string model;  ///< tokenizer.ggml.model: "gpt2", "llama"
    std::string pre;    ///< tokenizer.ggml.pre; empty when absent
    std::vector<std::string> tokens;
    std::vector<float> scores;
    std::vector<std::int32_t> types;
    std::vector<std::string> merges;
    std::optional<std::int64_t> bos;
    std::optional<std::int64_t> eos;
    std::optional<std::int64_t> unknown;
    std::optional<std::int64_t> padding;
    std::optional<bool> add_bos;
    std::optional<bool> add_eos;
    std::optional<bool> add_space_prefix;
    std::string chat_template;
};

Result<GgufTokenizerData> readGgufTokenizer(const std::filesystem::path& gguf);

/// The rules the data stands for. Unknown models and splitters are refused by name.
Result<BpeTokenizerParts> bpeFromGguf(const GgufTokenizerData& data);

/// The Hugging Face files that mean the same (see tokenizerFilesFromGguf).
Result<std::vector<TextFile>> filesFromGgufTokenizer(const GgufTokenizerData& data);

/// All merges of a vocabulary with scores: every way to make a piece of two pieces, best score first, ties by the ids
/// of the halves. `rank` is shared by the ways to make pieces of the same score.
struct ScoredMerge {
    std::int32_t left = -1;
    std::int32_t right = -1;
    std::int32_t result = -1;
    std::uint32_t rank = 0;
};
std::vector<ScoredMerge> mergesFromScores(const GgufTokenizerData& data);

/// Whether `add_bos` is on, by flag or by the defaults of the model kind.
bool ggufAddsBos(const GgufTokenizerData& data);

}  // namespace quantoscope
