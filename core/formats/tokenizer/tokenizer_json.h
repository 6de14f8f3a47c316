// tokenizer.json (Hugging Face tokenizers). Exactly the component combinations of LLaMA-1/2/3 and SmolLM2; others are
// refused by name, because a rule silently ignored gives plausible but wrong ids.
#pragma once

#include "core/formats/tokenizer/bpe_tokenizer.h"

namespace quantoscope {

/// The rules of a tokenizer.json text; `where` is named in errors.
Result<BpeTokenizerParts> parseTokenizerJson(std::string_view text, const std::string& where);

/// The split pattern of LLaMA-3, as its tokenizer.json and GGUF's "llama-bpe" have it.
std::string_view llama3Pattern();
/// The split pattern of GPT-2 (ByteLevel with use_regex).
std::string_view gpt2Pattern();
/// Every digit by itself (Digits with individual_digits).
std::string_view digitPattern();
/// Compiled, in the order given. Only for patterns of this program.
Result<std::vector<std::shared_ptr<const SplitPattern>>> compilePatterns(
    std::initializer_list<std::string_view> patterns);

}  // namespace quantoscope
