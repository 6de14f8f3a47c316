// Requests of many kinds and a model small enough to answer them.
#pragma once

#include <cstdint>
#include <vector>

#include "core/model/model_config.h"
#include "core/model/scoring/token_request.h"

namespace quantoscope::test {

inline ModelConfig smallConfig() {
    ModelConfig config;
    config.architecture = "llama";
    config.hidden_size = 64;
    config.intermediate_size = 96;
    config.block_count = 2;
    config.head_count = 4;
    config.kv_head_count = 2;
    config.head_dim = 16;
    config.vocab_size = 300;
    config.context_length = 512;
    return config;
}

/// Every token after the first, asked as evaluateNll answers it.
inline TokenRequest wholeRequest(std::vector<std::int32_t> ids, std::int64_t group) {
    TokenRequest request;
    for (std::int64_t i = 0; i + 1 < std::ssize(ids); ++i)
        request.scored.push_back({i, ids[static_cast<std::size_t>(i) + 1]});
    request.ids = std::move(ids);
    request.group = group;
    return request;
}

inline std::vector<std::int32_t> someIds(std::int64_t count, std::int32_t seed) {
    std::vector<std::int32_t> ids;
    for (std::int64_t i = 0; i < count; ++i) ids.push_back(static_cast<std::int32_t>((seed * 37 + i * i * 7) % 300));
    return ids;
}

/// Groups that share much, little and nothing, a request twice, one that is another's beginning.
inline std::vector<TokenRequest> someRequests() {
    std::vector<TokenRequest> requests;
    for (std::int64_t group = 0; group < 70; ++group) {
        const auto stem = someIds(3 + group % 60, static_cast<std::int32_t>(group));
        for (std::int32_t choice = 0; choice < 4; ++choice) {
            auto ids = stem;
            const auto more = someIds(choice * (group % 5), 100 + choice);
            ids.insert(ids.end(), more.begin(), more.end());
            requests.push_back(wholeRequest(ids, group));
        }
        if (group % 9 == 0) requests.push_back(requests.back());
        if (group % 11 == 0) requests.push_back(wholeRequest(someIds(20, 777), group));
    }
    return requests;
}

}  // namespace quantoscope::test
