#include "core/formats/tokenizer.h"
#include "core/formats/tokenizer/gguf_tokenizer.h"
#include "core/formats/tokenizer/sentencepiece_tokenizer.h"
#include "core/formats/tokenizer/text_files.h"
#include "core/formats/tokenizer/tokenizer_json.h"

namespace quantoscope {

namespace {
using Opened = Result<std::shared_ptr<const Tokenizer>>;

Opened openJson(const std::filesystem::path& path) {
    QS_ASSIGN(const std::string text, readWholeFile(path, kLargestTokenizerFileBytes));
    QS_ASSIGN(BpeTokenizerParts parts, parseTokenizerJson(text, path.string()));
    return makeBpeTokenizer(std::move(parts));
}

Opened openModelFile(const std::filesystem::path& path) {
    QS_ASSIGN(const std::string bytes, readWholeFile(path, kLargestTokenizerFileBytes));
    QS_ASSIGN(const nlohmann::json config, readJsonObject(path.parent_path() / "tokenizer_config.json"));
    SentencePieceOptions options;
    if (const auto bos = config.find("add_bos_token"); bos != config.end() && bos->is_boolean())
        options.add_bos = bos->get<bool>();
    if (const auto eos = config.find("add_eos_token"); eos != config.end() && eos->is_boolean())
        options.add_eos = eos->get<bool>();
    return openSentencePiece(bytes, path.string(), options);
}

Opened openGguf(const std::filesystem::path& path) {
    QS_ASSIGN(const GgufTokenizerData data, readGgufTokenizer(path));
    auto parts = bpeFromGguf(data);
    if (parts.has_value()) return makeBpeTokenizer(std::move(*parts));
    Error error = std::move(parts).error();
    error.message = "'" + path.string() + "': " + error.message + ".";
    error.path = path.string();
    return std::unexpected(std::move(error));
}
}  // namespace

Opened openTokenizer(const std::filesystem::path& model) {
    const std::string name = model.string();
    std::error_code error;
    if (std::filesystem::is_directory(model, error)) {
        if (std::filesystem::exists(model / "tokenizer.json", error)) return openJson(model / "tokenizer.json");
        if (std::filesystem::exists(model / "tokenizer.model", error)) return openModelFile(model / "tokenizer.model");
        return failure("'" + name + "' holds no tokenizer (tokenizer.json or tokenizer.model); copy the model's there.",
                       name);
    }
    if (!std::filesystem::exists(model, error)) return failure("'" + name + "' does not exist.", name);
    const std::string extension = model.extension().string();
    if (extension == ".json") return openJson(model);
    if (extension == ".model") return openModelFile(model);
    if (extension == ".gguf") return openGguf(model);
    return failure(
        "'" + name + "' is no tokenizer: a model folder, tokenizer.json, tokenizer.model or a .gguf file is.", name);
}

}  // namespace quantoscope
