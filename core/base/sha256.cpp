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

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

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

void Sha256::add(std::string_view text) {
    add(std::as_bytes(std::span(text.data(), text.size())));
}

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
