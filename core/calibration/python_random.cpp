#include "core/calibration/python_random.h"

#include <algorithm>
#include <bit>

namespace quantoscope {

namespace {
constexpr std::uint32_t kArraySeed = 19650218;
constexpr std::uint32_t kFill = 1812433253;
constexpr std::uint32_t kMix1 = 1664525;
constexpr std::uint32_t kMix2 = 1566083941;
constexpr std::uint32_t kTwist = 0x9908B0DF;
constexpr std::size_t kMiddle = 397;

std::uint32_t mixed(std::uint32_t previous, std::uint32_t factor) {
    return (previous ^ (previous >> 30)) * factor;
}
}  // namespace

PythonRandom::PythonRandom(std::int64_t seed) {
    const std::uint64_t magnitude =
        seed < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(seed) : static_cast<std::uint64_t>(seed);
    const std::array<std::uint32_t, 2> key{static_cast<std::uint32_t>(magnitude),
                                           static_cast<std::uint32_t>(magnitude >> 32)};
    const std::size_t key_words = key[1] == 0 ? 1 : 2;

    state_[0] = kArraySeed;
    for (std::size_t i = 1; i < kWords; ++i) state_[i] = mixed(state_[i - 1], kFill) + static_cast<std::uint32_t>(i);
    std::size_t i = 1;
    const auto advance = [&] {
        if (++i < kWords) return;
        state_[0] = state_[kWords - 1];
        i = 1;
    };
    for (std::size_t step = 0; step < kWords; ++step) {
        const std::size_t j = step % key_words;
        state_[i] = (state_[i] ^ mixed(state_[i - 1], kMix1)) + key[j] + static_cast<std::uint32_t>(j);
        advance();
    }
    for (std::size_t step = 1; step < kWords; ++step) {
        state_[i] = (state_[i] ^ mixed(state_[i - 1], kMix2)) - static_cast<std::uint32_t>(i);
        advance();
    }
    state_[0] = 0x80000000;
}

void PythonRandom::refill() {
    for (std::size_t i = 0; i < kWords; ++i) {
        const std::uint32_t joined = (state_[i] & 0x80000000) | (state_[(i + 1) % kWords] & 0x7FFFFFFF);
        state_[i] = state_[(i + kMiddle) % kWords] ^ (joined >> 1) ^ ((joined & 1) != 0 ? kTwist : 0);
    }
    used_ = 0;
}

std::uint32_t PythonRandom::next() {
    if (used_ == kWords) refill();
    std::uint32_t word = state_[used_++];
    word ^= word >> 11;
    word ^= (word << 7) & 0x9D2C5680;
    word ^= (word << 15) & 0xEFC60000;
    return word ^ (word >> 18);
}

std::uint64_t PythonRandom::getRandBits(int bits) {
    const std::uint64_t low = next() >> (32 - std::min(bits, 32));
    if (bits <= 32) return low;
    return low | (std::uint64_t{next() >> (64 - bits)} << 32);
}

std::uint64_t PythonRandom::randBelow(std::uint64_t bound) {
    const int bits = std::bit_width(bound);
    std::uint64_t value = getRandBits(bits);
    while (value >= bound) value = getRandBits(bits);
    return value;
}

std::int64_t PythonRandom::randInt(std::int64_t first, std::int64_t last) {
    const std::uint64_t count = static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first) + 1;
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(first) + randBelow(count));
}

}  // namespace quantoscope
