// The chat templates of LLaMA-3 Instruct, LLaMA-2 chat and SmolLM2-Instruct, recognised by what their template text
// says.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/formats/tokenizer.h"

namespace quantoscope {

struct ChatTemplate {
    std::string text;       ///< the Jinja text of the model
    std::string bos_token;  ///< empty when unknown: the family's own is used
    std::string eos_token;
};

/// The conversation as the template writes it. Unknown templates, and roles in an order the template does not allow,
/// are errors.
Result<std::string> renderTemplate(const ChatTemplate& chat_template, std::span<const ChatMessage> messages,
                                   bool add_generation_prompt);

}  // namespace quantoscope
