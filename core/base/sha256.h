// SHA-256, streaming: fingerprints of models and recipes, hashes of results, checks of downloaded files.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/base/job.h"
#include "core/base/result.h"

namespace quantoscope {

class Sha256 {
<<<<<<< HEAD
   public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

=======
public:
>>>>>>> formats
    void add(std::span<const std::byte> bytes);
    void add(std::string_view text);
    /// 64 lower-case hexadecimal digits of everything added so far; more may be added afterwards.
    std::string hex() const;

<<<<<<< HEAD
   private:
    struct State;
    std::unique_ptr<State> state_;
=======
private:
    void compress(const std::byte* block);
    std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<std::byte, 64> pending_{};
    std::size_t pending_size_ = 0;
    std::uint64_t total_bytes_ = 0;
>>>>>>> formats
};

std::string sha256Hex(std::string_view text);

/// Reads the file in pieces and polls the job; the error names the file.
Result<std::string> sha256OfFile(const std::filesystem::path& path, const JobContext& job);

}  // namespace quantoscope
