// How KeyValuePanels lie in memory (private to kernels/attention).
#pragma once

#include "kernels/attention/attention.h"
#include "kernels/base/aligned_buffer.h"

namespace quantoscope::kernels {

struct KeyValuePanels::State {
    std::int64_t kv_head_count = 0;
    std::int64_t head_dim = 0;
    std::int64_t capacity = 0;  ///< a multiple of the panel width
    std::int64_t length = 0;
    AlignedBuffer<float> keys;    ///< [kv head][key / 64][dimension][key % 64]
    AlignedBuffer<float> values;  ///< [kv head][dimension / 64][key][dimension % 64]

    std::int64_t valuePanel() const;  ///< elements of 64 dimensions
    const float* keysOf(std::int64_t head) const { return keys.data() + head * capacity * head_dim; }
    const float* valuesOf(std::int64_t head) const;
};

}  // namespace quantoscope::kernels
