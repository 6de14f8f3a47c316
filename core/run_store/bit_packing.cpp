#include "core/run_store/bit_packing.h"

namespace quantoscope {

std::vector<std::byte> packCodes(std::span<const std::uint8_t> codes, std::int64_t rows, std::int64_t columns,
                                 int bits) {
    std::vector<std::byte> packed(static_cast<std::size_t>(rows * packedRowBytes(columns, bits)));
    std::byte* target = packed.data();
    const std::uint8_t* source = codes.data();
    for (std::int64_t i = 0; i < rows; ++i) {
        std::uint32_t stream = 0;
        int held_bits = 0;
        for (std::int64_t j = 0; j < columns; ++j) {
            stream |= static_cast<std::uint32_t>(*source++) << held_bits;
            held_bits += bits;
            while (held_bits >= 8) {
                *target++ = static_cast<std::byte>(stream & 0xFFU);
                stream >>= 8;
                held_bits -= 8;
            }
        }
        if (held_bits > 0) *target++ = static_cast<std::byte>(stream & 0xFFU);
    }
    return packed;
}

std::vector<std::uint8_t> unpackCodes(std::span<const std::byte> packed, std::int64_t rows, std::int64_t columns,
                                      int bits) {
    std::vector<std::uint8_t> codes(static_cast<std::size_t>(rows * columns));
    const std::uint32_t mask = (1U << bits) - 1;
    const std::int64_t row_bytes = packedRowBytes(columns, bits);
    std::uint8_t* target = codes.data();
    for (std::int64_t i = 0; i < rows; ++i) {
        const std::byte* source = packed.data() + i * row_bytes;
        std::uint32_t stream = 0;
        int held_bits = 0;
        for (std::int64_t j = 0; j < columns; ++j) {
            if (held_bits < bits) {
                stream |= std::to_integer<std::uint32_t>(*source++) << held_bits;
                held_bits += 8;
            }
            *target++ = static_cast<std::uint8_t>(stream & mask);
            stream >>= bits;
            held_bits -= bits;
        }
    }
    return codes;
}

}  // namespace quantoscope
