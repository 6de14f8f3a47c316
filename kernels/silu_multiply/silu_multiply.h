// The gated activation of a LLaMA MLP: y = gate / (1 + exp(-gate)) * up, element by element.
//
// exp is kernels/exponential's; one division, two products, float32, in that order. y may be gate or up.
#pragma once

#include <cstdint>

namespace quantoscope::kernels {

void siluMultiply(const float* gate, const float* up, std::int64_t count, float* y);
/// The same, rounded to bfloat16.
void siluMultiply(const float* gate, const float* up, std::int64_t count, std::uint16_t* y);

void siluMultiplyReference(const float* gate, const float* up, std::int64_t count, float* y);

}  // namespace quantoscope::kernels
