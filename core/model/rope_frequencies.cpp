#include "core/model/rope_frequencies.h"

#include <cmath>
#include <numbers>

namespace quantoscope {
namespace {

float scaledLlama3(float frequency, const RopeScaling& scaling) {
    const auto factor = static_cast<float>(scaling.factor);
    const auto low = static_cast<float>(scaling.low_freq_factor);
    const auto high = static_cast<float>(scaling.high_freq_factor);
    const auto context = static_cast<float>(scaling.original_max_position_embeddings);
    const float wavelength = 2.0F * std::numbers::pi_v<float> / frequency;
    if (wavelength < context / high) return frequency;
    if (wavelength > context / low) return frequency / factor;
    const float smooth = (context / wavelength - low) / (high - low);
    return (1.0F - smooth) * frequency / factor + smooth * frequency;
}

}  // namespace

std::vector<float> ropeInverseFrequencies(const ModelConfig& config) {
    const auto half = static_cast<std::size_t>(config.head_dim / 2);
    const auto& scaling = config.rope_scaling;
    std::vector<float> frequencies(half);
    for (std::size_t p = 0; p < half; ++p) {
        const float exponent = static_cast<float>(2 * p) / static_cast<float>(config.head_dim);
        float frequency = 1.0F / std::pow(static_cast<float>(config.rope_theta), exponent);
        if (scaling.frequency_divisors.size() == half)
            frequency /= scaling.frequency_divisors[p];
        else if (scaling.kind == RopeScalingKind::llama3)
            frequency = scaledLlama3(frequency, scaling);
        if (scaling.kind == RopeScalingKind::linear) frequency /= static_cast<float>(scaling.factor);
        frequencies[p] = frequency;
    }
    return frequencies;
}

}  // namespace quantoscope
