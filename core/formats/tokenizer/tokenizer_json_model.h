// The tables of tokenizer.json: vocabulary, merges, added tokens. Private to the tokenizer sources.
#pragma once

#include <nlohmann/json.hpp>

#include "core/formats/tokenizer/bpe_tokenizer.h"

namespace quantoscope {

Status readBpeModel(const nlohmann::json& document, BpeTokenizerParts& parts);
/// After readBpeModel: their ids extend the vocabulary.
Status readAddedTokens(const nlohmann::json& document, BpeTokenizerParts& parts);

/// Adds merge number `index` of two entries; the error names what is in no vocabulary entry.
Status addMerge(BpeModel& model, std::size_t index, std::string_view left, std::string_view right);
/// The two halves of "a b"; an error when it does not have exactly two.
Result<std::pair<std::string_view, std::string_view>> mergeHalves(std::string_view merge, std::size_t index);

}  // namespace quantoscope
