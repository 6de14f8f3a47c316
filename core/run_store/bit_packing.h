// Codes of 1 to 8 bits as a bit stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace quantoscope {

/// Bytes of one packed row.
constexpr std::int64_t packedRowBytes(std::int64_t columns, int bits) {
    return (columns * bits + 7) / 8;
}

/// Each row is a stream of its own, padded with zero bits to a whole byte: code j takes bits [j * bits, (j + 1) *
/// bits), bit 0 of the stream is the lowest bit of the first byte. Codes must be below 2^bits.
std::vector<std::byte> packCodes(std::span<const std::uint8_t> codes, std::int64_t rows, std::int64_t columns,
                                 int bits);
/// The reverse; `packed` must hold rows x packedRowBytes bytes.
std::vector<std::uint8_t> unpackCodes(std::span<const std::byte> packed, std::int64_t rows, std::int64_t columns,
                                      int bits);

}  // namespace quantoscope
