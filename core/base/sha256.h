// SHA-256 (FIPS 180-4), for fingerprints of models, recipes and results.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace quantoscope {

class Sha256 {
   public:
    void add(std::span<const std::byte> bytes);
    void add(std::string_view text) { add(std::as_bytes(std::span(text.data(), text.size()))); }
    /// 64 lower-case hexadecimal digits of everything added so far; more may be added afterwards.
    std::string hex() const;

   private:
    void compress(const std::byte* block);
    std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<std::byte, 64> pending_{};
    std::size_t pending_size_ = 0;
    std::uint64_t total_bytes_ = 0;
};

std::string sha256Hex(std::string_view text);

}  // namespace quantoscope
