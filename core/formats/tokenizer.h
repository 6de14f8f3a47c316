// Text to ids and back, exactly as the model's own tokenizer does it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"

namespace quantoscope {

struct EncodeOptions {
    bool add_special = true;    ///< BOS (and what else the post-processor adds)
    bool parse_special = true;  ///< special strings inside the text become their ids (ignored by SentencePiece)
};

struct ChatMessage {
    std::string role;  ///< "system", "user", "assistant"
    std::string content;
};

class Tokenizer {
public:
    virtual ~Tokenizer() = default;
    /// Thread-safe. Invalid UTF-8 is replaced by U+FFFD first. Long texts poll the job.
    virtual Result<std::vector<std::int32_t>> encode(std::string_view text, const EncodeOptions& options,
                                                     const JobContext& job) const = 0;
    /// Bytes of the ids, invalid UTF-8 replaced; special tokens are written out unless skipped.
    virtual std::string decode(std::span<const std::int32_t> ids, bool skip_special) const = 0;
    virtual std::int64_t vocabularySize() const = 0;
    virtual std::optional<std::int32_t> tokenId(std::string_view token) const = 0;
    virtual std::string tokenText(std::int32_t id) const = 0;
    /// "byte-level BPE, 49,152 tokens": for people.
    virtual std::string description() const = 0;
};

/// Opens the tokenizer of a model: a folder (tokenizer.json before tokenizer.model), a tokenizer file, or a GGUF file.
Result<std::shared_ptr<const Tokenizer>> openTokenizer(const std::filesystem::path& model);

/// The chat template of a model folder or GGUF file rendered for these messages; an error names templates we do not
/// know.
Result<std::string> renderChat(const std::filesystem::path& model, std::span<const ChatMessage> messages,
                               bool add_generation_prompt);

/// Ids of a rendered conversation. "<s>" and "</s>" that the template wrote become their tokens also where the
/// tokenizer takes them for text (SentencePiece).
Result<std::vector<std::int32_t>> encodeChat(const Tokenizer& tokenizer, std::string_view rendered,
                                             const JobContext& job);

/// tokenizer.json text equivalent to the tokenizer stored in GGUF metadata, and the small files that go with it
/// (tokenizer_config.json, special_tokens_map.json, chat_template.jinja) as name and content.
struct TextFile {
    std::string name;
    std::string content;
};
Result<std::vector<TextFile>> tokenizerFilesFromGguf(const std::filesystem::path& gguf);

}  // namespace quantoscope
