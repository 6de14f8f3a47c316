// Negative log-likelihood of tokens from logits that come in chunks of the vocabulary, so that no full row is ever
// kept.
#pragma once

#include <cstdint>

namespace quantoscope::kernels {

/// What is known of one token's softmax so far: start with {-infinity, 0, 0}.
struct RunningSoftmax {
    float maximum;
    float target_logit;
    double sum;  ///< of exp(logit - maximum)
};
RunningSoftmax emptySoftmax();

/// Takes in logits of vocabulary entries first_id .. first_id + columns - 1 for `tokens` tokens (tokens x columns,
/// dense). targets[t] is the id whose likelihood is asked; it is picked up when it lies in this chunk.
void updateSoftmax(const float* logits, std::int64_t tokens, std::int64_t columns, std::int64_t first_id,
                   const std::int32_t* targets, RunningSoftmax* running);
void updateSoftmaxReference(const float* logits, std::int64_t tokens, std::int64_t columns, std::int64_t first_id,
                            const std::int32_t* targets, RunningSoftmax* running);

/// -log softmax(target), natural logarithm.
double tokenNll(const RunningSoftmax& running);

}  // namespace quantoscope::kernels
