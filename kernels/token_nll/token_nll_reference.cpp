#include <algorithm>
#include <cmath>

#include "kernels/token_nll/token_nll.h"

namespace quantoscope::kernels {

void updateSoftmaxReference(const float* logits, std::int64_t tokens, std::int64_t columns, std::int64_t first_id,
                            const std::int32_t* targets, RunningSoftmax* running) {
    for (std::int64_t t = 0; t < tokens; ++t) {
        const float* row = logits + t * columns;
        const float before = running[t].maximum;
        const float now = std::max(before, *std::max_element(row, row + columns));
        double sum = running[t].sum == 0.0 ? 0.0 : running[t].sum * std::exp(static_cast<double>(before) - now);
        for (std::int64_t c = 0; c < columns; ++c) sum += std::exp(static_cast<double>(row[c]) - now);
        running[t].maximum = now;
        running[t].sum = sum;
        const auto target = targets[t] - first_id;
        if (target >= 0 && target < columns) running[t].target_logit = row[target];
    }
}

}  // namespace quantoscope::kernels
