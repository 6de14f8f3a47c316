#include "core/formats/tokenizer/chat_template.h"

#include "core/base/utf8.h"

namespace quantoscope {

namespace {
enum class Family { unknown, llama2, llama3, smollm2 };

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// Templates with tools, dates or other families' default texts share markers with these three but write other prompts.
Family familyOf(std::string_view text) {
    for (const std::string_view foreign : {"tools", "strftime", "date_string", "tool_calls", "Qwen", "<think>"}) {
        if (has(text, foreign)) return Family::unknown;
    }
    if (has(text, "<|start_header_id|>") && has(text, "<|end_header_id|>") && has(text, "<|eot_id|>") &&
        has(text, "trim")) {
        return Family::llama3;
    }
    if (has(text, "<|im_start|>") && has(text, "<|im_end|>") && has(text, "named SmolLM, trained by Hugging Face")) {
        return Family::smollm2;
    }
    if (has(text, "[INST]") && has(text, "[/INST]") && has(text, "<<SYS>>")) return Family::llama2;
    return Family::unknown;
}

bool isStripped(char32_t c) {
    return isWhiteSpace(c) || (c >= 0x1C && c <= 0x1F);
}

/// Python's str.strip.
std::string_view trimmed(std::string_view text) {
    std::size_t begin = 0;
    while (begin < text.size() && isStripped(codePointAt(text, begin))) begin += utf8Length(text[begin]);
    std::size_t end = text.size();
    while (end > begin) {
        std::size_t last = end - 1;
        while (last > begin && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) --last;
        if (!isStripped(codePointAt(text, last))) break;
        end = last;
    }
    return text.substr(begin, std::min(end, text.size()) - begin);
}

std::string llama3Text(const ChatTemplate& chat, std::span<const ChatMessage> messages, bool add_generation_prompt) {
    const auto header = [](std::string_view role) {
        return "<|start_header_id|>" + std::string(role) + "<|end_header_id|>\n\n";
    };
    std::string text;
    if (has(chat.text, "bos_token") && !messages.empty())
        text = chat.bos_token.empty() ? "<|begin_of_text|>" : chat.bos_token;
    for (const ChatMessage& message : messages) {
        text += header(message.role) + std::string(trimmed(message.content)) + "<|eot_id|>";
    }
    // The first release asks for the answer whether the caller does or not.
    if (add_generation_prompt || !has(chat.text, "add_generation_prompt")) text += header("assistant");
    return text;
}

std::string smollm2Text(std::span<const ChatMessage> messages, bool add_generation_prompt) {
    std::string text;
    if (!messages.empty() && messages.front().role != "system") {
        text = "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n";
    }
    for (const ChatMessage& message : messages) {
        text += "<|im_start|>" + message.role + "\n" + message.content + "<|im_end|>\n";
    }
    if (add_generation_prompt) text += "<|im_start|>assistant\n";
    return text;
}

Result<std::string> llama2Text(const ChatTemplate& chat, std::span<const ChatMessage> messages) {
    const std::string bos = chat.bos_token.empty() ? "<s>" : chat.bos_token;
    const std::string eos = chat.eos_token.empty() ? "</s>" : chat.eos_token;
    std::string system;
    if (!messages.empty() && messages.front().role == "system") {
        system = "<<SYS>>\n" + messages.front().content + "\n<</SYS>>\n\n";
        messages = messages.subspan(1);
    }
    std::string text;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const std::string_view expected = i % 2 == 0 ? "user" : "assistant";
        if (messages[i].role != expected) {
            return usageError(
                "LLaMA-2's chat template takes user and assistant in turn after an optional system message; message " +
                std::to_string(i + 1) + " is from '" + messages[i].role + "'.");
        }
        if (expected == "user") {
            const std::string content = (i == 0 ? system : std::string()) + messages[i].content;
            text += bos + "[INST] " + std::string(trimmed(content)) + " [/INST]";
        } else {
            text += " " + std::string(trimmed(messages[i].content)) + " " + eos;
        }
    }
    return text;
}
}  // namespace

Result<std::string> renderTemplate(const ChatTemplate& chat_template, std::span<const ChatMessage> messages,
                                   bool add_generation_prompt) {
    switch (familyOf(chat_template.text)) {
        case Family::llama3:
            return llama3Text(chat_template, messages, add_generation_prompt);
        case Family::smollm2:
            return smollm2Text(messages, add_generation_prompt);
        case Family::llama2:
            return llama2Text(chat_template, messages);
        case Family::unknown:
            break;
    }
    return failure(
        "The model's chat template is not one of those known here (LLaMA-3 Instruct, LLaMA-2 chat, SmolLM2-Instruct); "
        "give the prompt as raw text.",
        {}, "template begins: " + chat_template.text.substr(0, 200));
}

}  // namespace quantoscope
