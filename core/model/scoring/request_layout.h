// Where the tokens of requests lie when they go through the model together (private to core/model).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/model/model_config.h"
#include "core/model/scoring/token_request.h"
#include "kernels/attention/attention.h"

namespace quantoscope {

/// Tokens that go through a block together.
struct TokenPack {
    std::int64_t first_token = 0;  ///< of all
    std::int64_t tokens = 0;
    std::vector<kernels::BranchedSequence> sequences;  ///< first_token counts from the pack's
    std::size_t first_row = 0;                         ///< its part of RequestLayout::rows
    std::size_t rows = 0;
};

struct RequestLayout {
    std::vector<std::int32_t> ids;        ///< sequence by sequence: trunk, branches
    std::vector<std::int32_t> positions;  ///< of each token in its request
    std::vector<TokenPack> packs;
    std::vector<std::int64_t> rows;     ///< the token after which a scored one stands, request by request
    std::vector<std::int32_t> targets;  ///< the scored tokens
    std::int64_t longest = 0;           ///< tokens of the longest request
};

/// Nothing to read, a position outside the text or an id outside the vocabulary is an error.
Status checkRequests(std::span<const TokenRequest> requests, const ModelConfig& config);

RequestLayout layOut(std::span<const TokenRequest> requests);

}  // namespace quantoscope
