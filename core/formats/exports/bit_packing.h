// Codes of 2, 3, 4 or 8 bits into the 32-bit words of checkpoint formats. Words are unsigned here and stored as I32.
// Sources are laid out as QuantizedTensor has them: outputs x inputs (codes) and outputs x groups (zero points).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace quantoscope::exports {

/// One least-significant-bit-first stream: code i takes bits [bits * i, bits * i + bits). codes.size() * bits must be
/// words.size() * 32 and every code below 2^bits.
void packStream(std::span<const std::uint8_t> codes, int bits, std::span<std::uint32_t> words);

/// A stream per output down the inputs (GPTQ qweight): [inputs * bits / 32][outputs]. `inputs` is a multiple of 32.
std::vector<std::uint32_t> packAlongInputs(std::span<const std::uint8_t> codes, std::int64_t outputs,
                                           std::int64_t inputs, int bits);
/// A stream per group along the outputs (GPTQ qzeros): [groups][outputs * bits / 32]. `outputs` is a multiple of 32.
std::vector<std::uint32_t> packAlongOutputs(std::span<const std::uint8_t> codes, std::int64_t outputs,
                                            std::int64_t groups, int bits);
/// AWQ GEMM words of eight 4-bit fields along the outputs, interleaved 0 2 4 6 1 3 5 7: [columns][outputs / 8].
std::vector<std::uint32_t> packInterleaved(std::span<const std::uint8_t> codes, std::int64_t outputs,
                                           std::int64_t columns);

/// Little-endian bytes of the words.
std::vector<std::byte> wordBytes(std::span<const std::uint32_t> words);

}  // namespace quantoscope::exports
