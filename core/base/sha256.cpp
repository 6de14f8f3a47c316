#include "core/base/sha256.h"

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <new>
#include <vector>

namespace quantoscope {

namespace {
constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

<<<<<<< HEAD
struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;
=======
constexpr std::array<std::uint32_t, 64> kRound{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
>>>>>>> formats

// libcrypto fails here only when memory is out or the algorithm was configured away: both end like a failed `new`.
void require(bool good) {
    if (!good) throw std::bad_alloc();
}

Context makeContext() {
    Context context(EVP_MD_CTX_new());
    require(context != nullptr);
    return context;
}
}  // namespace

struct Sha256::State {
    Context context = makeContext();
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    require(EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) == 1);
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::span<const std::byte> bytes) {
    if (!bytes.empty()) require(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

void Sha256::add(std::string_view text) { add(std::as_bytes(std::span(text.data(), text.size()))); }

std::string Sha256::hex() const {
    const Context copy = makeContext();
    require(EVP_MD_CTX_copy_ex(copy.get(), state_->context.get()) == 1);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    require(EVP_DigestFinal_ex(copy.get(), digest.data(), &size) == 1);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 15];
    }
    return text;
}

std::string sha256Hex(std::string_view text) {
    Sha256 hash;
    hash.add(text);
    return hash.hex();
}

Result<std::string> sha256OfFile(const std::filesystem::path& path, const JobContext& job) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return failure("'" + path.string() + "' cannot be opened for reading.", path.string());
    Sha256 hash;
    std::vector<char> piece(kPieceBytes);
    while (file) {
        QS_TRY(job.checkStop());
        file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        hash.add(std::string_view(piece.data(), static_cast<std::size_t>(file.gcount())));
    }
    if (file.bad()) return failure("'" + path.string() + "' could not be read to its end.", path.string());
    return hash.hex();
}

}  // namespace quantoscope
