// tokenizer.model of LLaMA-1/2. The source beside this header is the only one that knows libsentencepiece.
#pragma once

#include "core/formats/tokenizer.h"

namespace quantoscope {

struct SentencePieceOptions {
    bool add_bos = true;  ///< tokenizer_config.json's add_bos_token
    bool add_eos = false;
};

/// `bytes` is the whole file; `where` is named in errors. Control strings in a text stay text.
Result<std::shared_ptr<const Tokenizer>> openSentencePiece(std::string_view bytes, const std::string& where,
                                                           const SentencePieceOptions& options);

}  // namespace quantoscope
