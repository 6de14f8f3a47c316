// From questions as texts to what the model reads.
#pragma once

#include <span>
#include <vector>

#include "core/evaluation/choice/choice_encoding.h"
#include "core/evaluation/choice/choice_item.h"
#include "core/evaluation/choice/choice_result.h"
#include "core/formats/tokenizer.h"
#include "core/model/scoring/token_request.h"

namespace quantoscope {

/// A request per choice, item by item; the choices of an item are one group. No special tokens are added. What is
/// longer than `context_length` (0: no limit) loses tokens at its beginning. Errors name the question (from 1).
/// An item with few_shot is one request, with special tokens, of at most 2048 tokens (or the context length): its
/// scored tokens are the letters, after the last position. `encoding` separate: the last id of "A" (the authors'
/// script), joint: of " A".
Result<std::vector<TokenRequest>> choiceRequests(std::span<const ChoiceItem> items, const Tokenizer& tokenizer,
                                                 ChoiceEncoding encoding, std::int64_t context_length,
                                                 const JobContext& job);

/// Adds up the log-probabilities that tokenLogProbabilities gave for these requests. `with_lengths`: for acc_norm.
std::vector<ChoiceResult> choiceResults(std::span<const ChoiceItem> items,
                                        std::span<const std::vector<double>> log_probabilities, bool with_lengths);

}  // namespace quantoscope
