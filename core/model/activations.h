// Activations of calibration or evaluation sequences, kept between blocks.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace quantoscope {

/// sequences x tokens x hidden, float32, row-major: the residual stream at a block boundary.
struct Activations {
    std::int64_t sequence_count = 0;
    std::int64_t sequence_length = 0;
    std::int64_t hidden_size = 0;
    std::vector<float> values;

    Activations() = default;
    Activations(std::int64_t sequences, std::int64_t length, std::int64_t hidden)
        : sequence_count(sequences),
          sequence_length(length),
          hidden_size(hidden),
          values(static_cast<std::size_t>(sequences * length * hidden)) {}

    std::span<float> sequence(std::int64_t i) {
        const auto size = static_cast<std::size_t>(sequence_length * hidden_size);
        return {values.data() + static_cast<std::size_t>(i) * size, size};
    }
    std::span<const float> sequence(std::int64_t i) const {
        const auto size = static_cast<std::size_t>(sequence_length * hidden_size);
        return {values.data() + static_cast<std::size_t>(i) * size, size};
    }
};

}  // namespace quantoscope
