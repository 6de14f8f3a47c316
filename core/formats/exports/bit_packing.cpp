#include "core/formats/exports/bit_packing.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace quantoscope::exports {
namespace {

static_assert(std::endian::native == std::endian::little, "words are stored as they lie in memory");

constexpr std::array<int, 8> kInterleave{0, 2, 4, 6, 1, 3, 5, 7};
constexpr std::int64_t kTile = 64;  // outputs handled together: a cache line of codes each, written side by side

}  // namespace

void packStream(std::span<const std::uint8_t> codes, int bits, std::span<std::uint32_t> words) {
    std::uint64_t pending = 0;
    int pending_bits = 0;
    std::size_t word = 0;
    for (const auto code : codes) {
        pending |= static_cast<std::uint64_t>(code) << pending_bits;
        pending_bits += bits;
        if (pending_bits < 32) continue;
        words[word++] = static_cast<std::uint32_t>(pending);
        pending >>= 32;
        pending_bits -= 32;
    }
}

std::vector<std::uint32_t> packAlongInputs(std::span<const std::uint8_t> codes, std::int64_t outputs,
                                           std::int64_t inputs, int bits) {
    std::vector<std::uint32_t> packed(static_cast<std::size_t>(inputs * bits / 32 * outputs));
    std::array<std::uint32_t, 8> words{};
    const auto run = std::span(words).first(static_cast<std::size_t>(bits));  // 32 codes fill `bits` words
    for (std::int64_t tile = 0; tile < outputs; tile += kTile)
        for (std::int64_t input = 0; input < inputs; input += 32)
            for (std::int64_t output = tile; output < std::min(tile + kTile, outputs); ++output) {
                packStream(codes.subspan(static_cast<std::size_t>(output * inputs + input), 32), bits, run);
                for (int i = 0; i < bits; ++i)
                    packed[static_cast<std::size_t>((input / 32 * bits + i) * outputs + output)] =
                        run[static_cast<std::size_t>(i)];
            }
    return packed;
}

std::vector<std::uint32_t> packAlongOutputs(std::span<const std::uint8_t> codes, std::int64_t outputs,
                                            std::int64_t groups, int bits) {
    const auto row_words = static_cast<std::size_t>(outputs * bits / 32);
    std::vector<std::uint32_t> packed(static_cast<std::size_t>(groups) * row_words);
    std::vector<std::uint8_t> row(static_cast<std::size_t>(outputs));
    for (std::int64_t group = 0; group < groups; ++group) {
        for (std::int64_t output = 0; output < outputs; ++output)
            row[static_cast<std::size_t>(output)] = codes[static_cast<std::size_t>(output * groups + group)];
        packStream(row, bits, std::span(packed).subspan(static_cast<std::size_t>(group) * row_words, row_words));
    }
    return packed;
}

std::vector<std::uint32_t> packInterleaved(std::span<const std::uint8_t> codes, std::int64_t outputs,
                                           std::int64_t columns) {
    const std::int64_t words = outputs / 8;
    std::vector<std::uint32_t> packed(static_cast<std::size_t>(columns * words));
    for (std::int64_t tile = 0; tile < words; tile += kTile / 8)
        for (std::int64_t column = 0; column < columns; ++column)
            for (std::int64_t word = tile; word < std::min(tile + kTile / 8, words); ++word) {
                std::uint32_t value = 0;
                for (int i = 0; i < 8; ++i) {
                    const auto output = 8 * word + kInterleave[static_cast<std::size_t>(i)];
                    value |= static_cast<std::uint32_t>(codes[static_cast<std::size_t>(output * columns + column)])
                             << (4 * i);
                }
                packed[static_cast<std::size_t>(column * words + word)] = value;
            }
    return packed;
}

std::vector<std::byte> wordBytes(std::span<const std::uint32_t> words) {
    std::vector<std::byte> bytes(words.size_bytes());
    if (!bytes.empty()) std::memcpy(bytes.data(), words.data(), bytes.size());
    return bytes;
}

}  // namespace quantoscope::exports
