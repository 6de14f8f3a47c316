#include "core/formats/tokenizer/bpe_tokenizer.h"

#include <charconv>

#include "core/base/utf8.h"
#include "core/formats/tokenizer/bpe_encoder.h"
#include "core/formats/tokenizer/byte_level.h"

namespace quantoscope {

namespace {
class BpeTokenizer final : public Tokenizer {
public:
    explicit BpeTokenizer(BpeTokenizerParts parts);
    Result<std::vector<std::int32_t>> encode(std::string_view text, const EncodeOptions& options,
                                             const JobContext& job) const override;
    std::string decode(std::span<const std::int32_t> ids, bool skip_special) const override;
    std::int64_t vocabularySize() const override { return static_cast<std::int64_t>(parts_.model.tokens.size()); }
    std::optional<std::int32_t> tokenId(std::string_view token) const override;
    std::string tokenText(std::int32_t id) const override;
    std::string description() const override;

private:
    void appendDecoded(std::string& bytes, std::int32_t id) const;

    BpeTokenizerParts parts_;
    ByteIds byte_ids_{};
};

BpeTokenizer::BpeTokenizer(BpeTokenizerParts parts) : parts_(std::move(parts)) {
    byte_ids_.fill(-1);
    for (std::size_t byte = 0; byte < byte_ids_.size(); ++byte) {
        if (parts_.kind == BpeKind::byte_level) {
            byte_ids_[byte] = parts_.model.find(byteLevelText(static_cast<unsigned char>(byte)));
        }
    }
    if (parts_.kind == BpeKind::byte_level || !parts_.byte_fallback) return;
    for (std::size_t id = 0; id < parts_.model.tokens.size(); ++id) {
        const int byte = byteOfPiece(parts_.model.tokens[id]);
        if (byte >= 0) byte_ids_[static_cast<std::size_t>(byte)] = static_cast<std::int32_t>(id);
    }
}

Result<std::vector<std::int32_t>> BpeTokenizer::encode(std::string_view text, const EncodeOptions& options,
                                                       const JobContext& job) const {
    QS_TRY(job.checkStop());
    std::vector<std::int32_t> ids;
    if (options.add_special) ids = parts_.prefix;
    std::string repaired;
    if (firstInvalidUtf8(text).has_value()) {
        repaired = replaceInvalidUtf8(text, Replacement::per_sequence);
        text = repaired;
    }
    BpeEncoder encoder(parts_, byte_ids_, job);
    QS_TRY(encoder.encode(text, options.parse_special, ids));
    if (options.add_special) ids.insert(ids.end(), parts_.suffix.begin(), parts_.suffix.end());
    return ids;
}

void BpeTokenizer::appendDecoded(std::string& bytes, std::int32_t id) const {
    if (id < 0 || static_cast<std::size_t>(id) >= parts_.model.tokens.size()) return;
    const std::string& token = parts_.model.tokens[static_cast<std::size_t>(id)];
    if (parts_.kind == BpeKind::byte_level) {
        const auto plain = fromByteLevel(token);
        bytes += plain.has_value() ? *plain : token;
        return;
    }
    const int byte = parts_.byte_fallback ? byteOfPiece(token) : -1;
    if (byte >= 0) {
        bytes += static_cast<char>(byte);
        return;
    }
    for (std::size_t offset = 0; offset < token.size();) {
        const bool space = std::string_view(token).substr(offset).starts_with(kSpacePiece);
        bytes += space ? ' ' : token[offset];
        offset += space ? kSpacePiece.size() : 1;
    }
}

std::string BpeTokenizer::decode(std::span<const std::int32_t> ids, bool skip_special) const {
    std::string bytes;
    for (const std::int32_t id : ids) {
        const AddedToken* added = parts_.added.find(id);
        if (added == nullptr) {
            appendDecoded(bytes, id);
        } else if (!skip_special || !added->special) {
            bytes += added->content;
        }
    }
    const bool byte_level = parts_.kind == BpeKind::byte_level;
    std::string text = replaceInvalidUtf8(bytes, byte_level ? Replacement::per_sequence : Replacement::per_byte);
    if (parts_.strip_decoded_space && text.starts_with(' ')) text.erase(0, 1);
    return text;
}

std::optional<std::int32_t> BpeTokenizer::tokenId(std::string_view token) const {
    const std::int32_t id = parts_.model.find(token);
    if (id >= 0) return id;
    const AddedToken* added = parts_.added.find(token);
    return added == nullptr ? std::nullopt : std::optional(added->id);
}

std::string BpeTokenizer::tokenText(std::int32_t id) const {
    const bool known = id >= 0 && static_cast<std::size_t>(id) < parts_.model.tokens.size();
    return known ? parts_.model.tokens[static_cast<std::size_t>(id)] : std::string();
}

std::string BpeTokenizer::description() const {
    return parts_.label + ", " + withThousands(vocabularySize()) + " tokens";
}
}  // namespace

std::shared_ptr<const Tokenizer> makeBpeTokenizer(BpeTokenizerParts parts) {
    return std::make_shared<BpeTokenizer>(std::move(parts));
}

int byteOfPiece(std::string_view piece) {
    if (piece.size() != 6 || !piece.starts_with("<0x") || piece.back() != '>') return -1;
    int value = -1;
    const auto [end, error] = std::from_chars(piece.data() + 3, piece.data() + 5, value, 16);
    return error == std::errc() && end == piece.data() + 5 ? value : -1;
}

std::string withThousands(std::int64_t number) {
    std::string text = std::to_string(number);
    for (std::ptrdiff_t at = std::ssize(text) - 3; at > 0; at -= 3) text.insert(static_cast<std::size_t>(at), ",");
    return text;
}

}  // namespace quantoscope
