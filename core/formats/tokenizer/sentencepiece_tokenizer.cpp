#include "core/formats/tokenizer/sentencepiece_tokenizer.h"

#include <sentencepiece_processor.h>

#include "core/base/utf8.h"
#include "core/formats/tokenizer/bpe_tokenizer.h"

namespace quantoscope {

namespace {
constexpr std::size_t kPartBytes = std::size_t{16} << 10;

class SentencePieceTokenizer final : public Tokenizer {
public:
    explicit SentencePieceTokenizer(const SentencePieceOptions& options) : options_(options) {}

    Status load(std::string_view bytes, const std::string& where);
    Result<std::vector<std::int32_t>> encode(std::string_view text, const EncodeOptions& options,
                                             const JobContext& job) const override;
    std::string decode(std::span<const std::int32_t> ids, bool skip_special) const override;
    std::int64_t vocabularySize() const override { return processor_.GetPieceSize(); }
    std::optional<std::int32_t> tokenId(std::string_view token) const override;
    std::string tokenText(std::int32_t id) const override;
    std::string description() const override { return "SentencePiece, " + withThousands(vocabularySize()) + " tokens"; }

private:
    bool known(std::int32_t id) const { return id >= 0 && id < processor_.GetPieceSize(); }
    void findNewlineRule();
    Status encodePart(std::string_view part, bool first, std::vector<std::int32_t>& ids) const;

    sentencepiece::SentencePieceProcessor processor_;
    SentencePieceOptions options_;
    /// Ids that stand before a part that begins with a newline; negative: a text must not be cut there.
    std::ptrdiff_t ids_before_newline_ = -1;
};

Status SentencePieceTokenizer::load(std::string_view bytes, const std::string& where) {
    const auto status = processor_.LoadFromSerializedProto(bytes);
    if (!status.ok()) {
        return failure("'" + where + "' is not a readable SentencePiece model; fetch the file again.", where,
                       status.ToString());
    }
    findNewlineRule();
    return {};
}

// A newline that is in no piece is always spelt as a byte, so nothing merges across it and long texts can be encoded in
// parts. The probes make sure that this model neither normalizes white space nor does anything else around it.
void SentencePieceTokenizer::findNewlineRule() {
    for (int id = 0; id < processor_.GetPieceSize(); ++id) {
        if (processor_.IdToPiece(id).find('\n') != std::string::npos) return;
    }
    const std::string probe = "  a \n\n  b\n";
    if (processor_.DecodeIds(processor_.EncodeAsIds(probe)) != probe) return;
    const std::vector<int> newline = processor_.EncodeAsIds("\n");
    if (newline.empty() || !processor_.IsByte(newline.back())) return;
    ids_before_newline_ = std::ssize(newline) - 1;
}

Status SentencePieceTokenizer::encodePart(std::string_view part, bool first, std::vector<std::int32_t>& ids) const {
    std::vector<int> part_ids;
    const auto status = processor_.Encode(part, &part_ids);
    if (!status.ok()) return failure("SentencePiece could not encode the text.", {}, status.ToString());
    const std::ptrdiff_t skipped = first ? 0 : std::min(ids_before_newline_, std::ssize(part_ids));
    ids.insert(ids.end(), part_ids.begin() + skipped, part_ids.end());
    return {};
}

Result<std::vector<std::int32_t>> SentencePieceTokenizer::encode(std::string_view text, const EncodeOptions& options,
                                                                 const JobContext& job) const {
    std::vector<std::int32_t> ids;
    if (options.add_special && options_.add_bos && processor_.bos_id() >= 0) ids.push_back(processor_.bos_id());
    std::string repaired;
    if (firstInvalidUtf8(text).has_value()) {
        repaired = replaceInvalidUtf8(text, Replacement::per_sequence);
        text = repaired;
    }
    try {
        for (std::size_t begin = 0; begin < text.size();) {
            QS_TRY(job.checkStop());
            std::size_t end = ids_before_newline_ < 0 ? std::string_view::npos : text.find('\n', begin + kPartBytes);
            end = std::min(end, text.size());
            QS_TRY(encodePart(text.substr(begin, end - begin), begin == 0, ids));
            begin = end;
            job.report("Tokenizing", static_cast<double>(begin) / static_cast<double>(text.size()));
        }
    } catch (const std::exception& error) {
        return failure("SentencePiece could not encode the text.", {}, error.what());
    }
    if (options.add_special && options_.add_eos && processor_.eos_id() >= 0) ids.push_back(processor_.eos_id());
    return ids;
}

std::string SentencePieceTokenizer::decode(std::span<const std::int32_t> ids, bool skip_special) const {
    std::string bytes;
    for (const std::int32_t id : ids) {
        if (!known(id)) continue;
        const std::string& piece = processor_.IdToPiece(id);
        if (processor_.IsControl(id)) {
            if (!skip_special) bytes += piece;
        } else if (processor_.IsByte(id)) {
            bytes += static_cast<char>(byteOfPiece(piece));
        } else {
            for (std::size_t at = 0; at < piece.size();) {
                const bool space = std::string_view(piece).substr(at).starts_with(kSpacePiece);
                bytes += space ? ' ' : piece[at];
                at += space ? kSpacePiece.size() : 1;
            }
        }
    }
    std::string text = replaceInvalidUtf8(bytes, Replacement::per_byte);
    if (text.starts_with(' ')) text.erase(0, 1);
    return text;
}

std::optional<std::int32_t> SentencePieceTokenizer::tokenId(std::string_view token) const {
    const int id = processor_.PieceToId(token);
    if (!known(id) || processor_.IdToPiece(id) != token) return std::nullopt;
    return id;
}

std::string SentencePieceTokenizer::tokenText(std::int32_t id) const {
    return known(id) ? processor_.IdToPiece(id) : std::string();
}
}  // namespace

Result<std::shared_ptr<const Tokenizer>> openSentencePiece(std::string_view bytes, const std::string& where,
                                                           const SentencePieceOptions& options) {
    // Protocol buffers print about files that are nothing of theirs; a model begins with its first piece.
    if (!bytes.starts_with('\n')) {
        return failure(
            "'" + where + "' is not a SentencePiece model (LLaMA-3's tiktoken files are not read: use tokenizer.json).",
            where);
    }
    try {
        auto tokenizer = std::make_shared<SentencePieceTokenizer>(options);
        QS_TRY(tokenizer->load(bytes, where));
        return std::shared_ptr<const Tokenizer>(std::move(tokenizer));
    } catch (const std::exception& error) {
        return failure("'" + where + "' is not a readable SentencePiece model.", where, error.what());
    }
}

}  // namespace quantoscope
