#include <limits>

#include "core/formats/gguf/gguf_file.h"
#include "core/formats/tokenizer/gguf_tokenizer.h"

namespace quantoscope {

namespace {
std::string key(std::string_view name) {
    return "tokenizer.ggml." + std::string(name);
}

Status readTypes(const GgufFile& file, GgufTokenizerData& data) {
    if (!file.has(key("token_type"))) return {};
    QS_ASSIGN(const auto types, file.integerArray(key("token_type")));
    data.types.reserve(types.size());
    for (const std::int64_t type : types)
        data.types.push_back(type >= 1 && type <= 6 ? static_cast<std::int32_t>(type) : 1);
    return {};
}

Status readScores(const GgufFile& file, GgufTokenizerData& data) {
    if (!file.has(key("scores"))) return {};
    QS_ASSIGN(const auto scores, file.realArray(key("scores")));
    data.scores.reserve(scores.size());
    for (const double score : scores) data.scores.push_back(static_cast<float>(score));
    return {};
}
}  // namespace

Result<GgufTokenizerData> readGgufTokenizer(const std::filesystem::path& gguf) {
    QS_ASSIGN(const auto file, GgufFile::open(gguf));
    GgufTokenizerData data;
    const auto model = file->text(key("model"));
    if (!model.has_value()) {
        return failure("'" + gguf.string() + "' holds no tokenizer (no tokenizer.ggml.model).", gguf.string());
    }
    data.model = *model;
    data.pre = file->text(key("pre")).value_or("");
    QS_ASSIGN(data.tokens, file->textArray(key("tokens")));
    QS_TRY(readTypes(*file, data));
    QS_TRY(readScores(*file, data));
    if (file->has(key("merges"))) {
        QS_ASSIGN(data.merges, file->textArray(key("merges")));
    }
    data.bos = file->integer(key("bos_token_id"));
    data.eos = file->integer(key("eos_token_id"));
    data.unknown = file->integer(key("unknown_token_id"));
    data.padding = file->integer(key("padding_token_id"));
    data.add_bos = file->boolean(key("add_bos_token"));
    data.add_eos = file->boolean(key("add_eos_token"));
    data.add_space_prefix = file->boolean(key("add_space_prefix"));
    data.chat_template = file->text("tokenizer.chat_template").value_or("");
    return data;
}

}  // namespace quantoscope
