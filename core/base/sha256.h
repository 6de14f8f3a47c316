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
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void add(std::span<const std::byte> bytes);
    void add(std::string_view text);
    /// 64 lower-case hexadecimal digits of everything added so far; more may be added afterwards.
    std::string hex() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

std::string sha256Hex(std::string_view text);

/// Reads the file in pieces and polls the job; the error names the file.
Result<std::string> sha256OfFile(const std::filesystem::path& path, const JobContext& job);

}  // namespace quantoscope
