#include "core/formats/tokenizer.h"
#include "core/formats/tokenizer/chat_template.h"
#include "core/formats/tokenizer/gguf_tokenizer.h"
#include "core/formats/tokenizer/text_files.h"

namespace quantoscope {

namespace {
using Json = nlohmann::json;

/// A token given as text or as an object with "content".
std::string tokenIn(const Json& config, const char* key) {
    const auto value = config.find(key);
    if (value == config.end()) return {};
    if (value->is_string()) return value->get<std::string>();
    if (!value->is_object()) return {};
    const auto content = value->find("content");
    return content != value->end() && content->is_string() ? content->get<std::string>() : std::string();
}

/// A template given as text, or as a list of named ones of which "default" counts.
std::string templateIn(const Json& config) {
    const auto value = config.find("chat_template");
    if (value == config.end()) return {};
    if (value->is_string()) return value->get<std::string>();
    if (!value->is_array()) return {};
    for (const Json& entry : *value) {
        const bool named =
            entry.is_object() && entry.contains("name") && entry["name"] == "default" && entry.contains("template");
        if (named && entry["template"].is_string()) return entry["template"].get<std::string>();
    }
    return {};
}

Result<ChatTemplate> templateOfFolder(const std::filesystem::path& folder) {
    QS_ASSIGN(const Json config, readJsonObject(folder / "tokenizer_config.json"));
    ChatTemplate chat{templateIn(config), tokenIn(config, "bos_token"), tokenIn(config, "eos_token")};
    std::error_code error;
    if (std::filesystem::exists(folder / "chat_template.jinja", error)) {
        QS_ASSIGN(chat.text, readWholeFile(folder / "chat_template.jinja", kLargestSmallFileBytes));
    } else if (chat.text.empty()) {
        QS_ASSIGN(const Json separate, readJsonObject(folder / "chat_template.json"));
        chat.text = templateIn(separate);
    }
    return chat;
}

Result<ChatTemplate> templateOfGguf(const std::filesystem::path& gguf) {
    QS_ASSIGN(const GgufTokenizerData data, readGgufTokenizer(gguf));
    const auto text = [&](std::optional<std::int64_t> id) {
        const bool known = id.has_value() && *id >= 0 && *id < std::ssize(data.tokens);
        return known ? data.tokens[static_cast<std::size_t>(*id)] : std::string();
    };
    return ChatTemplate{data.chat_template, text(data.bos), text(data.eos)};
}
}  // namespace

Result<std::string> renderChat(const std::filesystem::path& model, std::span<const ChatMessage> messages,
                               bool add_generation_prompt) {
    std::error_code error;
    const bool gguf = model.extension() == ".gguf";
    const bool folder = std::filesystem::is_directory(model, error);
    QS_ASSIGN(const ChatTemplate chat,
              gguf ? templateOfGguf(model) : templateOfFolder(folder ? model : model.parent_path()));
    if (chat.text.empty()) {
        return failure(
            "'" + model.string() + "' holds no chat template; it is not a chat model, give the prompt as raw text.",
            model.string());
    }
    auto text = renderTemplate(chat, messages, add_generation_prompt);
    if (!text.has_value()) text.error().path = model.string();
    return text;
}

Result<std::vector<std::int32_t>> encodeChat(const Tokenizer& tokenizer, std::string_view rendered,
                                             const JobContext& job) {
    constexpr EncodeOptions kAsWritten{.add_special = false, .parse_special = true};
    std::vector<std::pair<std::string_view, std::int32_t>> markers;
    for (const std::string_view text : {"<s>", "</s>"}) {
        const auto id = tokenizer.tokenId(text);
        if (!id) continue;
        QS_ASSIGN(const auto found, tokenizer.encode(text, kAsWritten, job));
        if (found != std::vector{*id}) markers.emplace_back(text, *id);
    }
    std::vector<std::int32_t> ids;
    while (!rendered.empty()) {
        auto end = rendered.size();
        std::pair<std::string_view, std::int32_t> next{"", -1};
        for (const auto& marker : markers)
            if (const auto at = rendered.find(marker.first); at < end) {
                end = at;
                next = marker;
            }
        if (end > 0) {
            QS_ASSIGN(const auto part, tokenizer.encode(rendered.substr(0, end), kAsWritten, job));
            ids.insert(ids.end(), part.begin(), part.end());
        }
        if (next.second >= 0) ids.push_back(next.second);
        rendered.remove_prefix(end + next.first.size());
    }
    return ids;
}

}  // namespace quantoscope
