// The generator behind Python's `random` module, so that samples are drawn as the originals draw them.
#pragma once

#include <array>
#include <cstdint>

namespace quantoscope {

/// MT19937 (Matsumoto and Nishimura, 1998) seeded by the reference "init by array" with the 32-bit words of |seed|,
/// least significant first, as random.seed(seed) does for integers.
class PythonRandom {
public:
    explicit PythonRandom(std::int64_t seed);

    /// random.getrandbits(bits), 1 <= bits <= 64.
    std::uint64_t getRandBits(int bits);
    /// Uniform in [0, bound); bound >= 1.
    std::uint64_t randBelow(std::uint64_t bound);
    /// random.randint(first, last): both ends included; first <= last.
    std::int64_t randInt(std::int64_t first, std::int64_t last);

private:
    static constexpr std::size_t kWords = 624;
    std::uint32_t next();
    void refill();

    std::array<std::uint32_t, kWords> state_{};
    std::size_t used_ = kWords;
};

}  // namespace quantoscope
