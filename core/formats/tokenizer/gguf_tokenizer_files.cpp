// Hugging Face tokenizer files written from GGUF metadata.
#include <nlohmann/json.hpp>

#include "core/base/utf8.h"
#include "core/formats/tokenizer/gguf_tokenizer.h"
#include "core/formats/tokenizer/tokenizer_json.h"

namespace quantoscope {

namespace {
using Json = nlohmann::ordered_json;

std::string tokenText(const GgufTokenizerData& data, std::int32_t id) {
    return data.tokens[static_cast<std::size_t>(id)];
}

Json addedTokens(const GgufTokenizerData& data, const BpeTokenizerParts& parts) {
    Json list = Json::array();
    for (const AddedToken& token : parts.added.all()) {
        list.push_back({{"id", token.id},
                        {"content", token.content},
                        {"single_word", false},
                        {"lstrip", false},
                        {"rstrip", false},
                        {"normalized", false},
                        {"special", token.special}});
    }
    // Rows that only fill the table up keep their ids taken: without them the vocabulary would be shorter than the
    // model's.
    if (parts.kind != BpeKind::byte_level) return list;
    for (std::size_t id = 0; id < data.types.size(); ++id) {
        if (data.types[id] != static_cast<int>(GgufTokenType::unused)) continue;
        list.push_back({{"id", id},
                        {"content", data.tokens[id]},
                        {"single_word", false},
                        {"lstrip", false},
                        {"rstrip", false},
                        {"normalized", false},
                        {"special", true}});
    }
    return list;
}

Json vocabulary(const GgufTokenizerData& data) {
    // Hugging Face's reader takes all entries from here; added tokens are looked up in it too.
    Json vocab = Json::object();
    auto& entries = vocab.get_ref<Json::object_t&>();
    entries.reserve(data.tokens.size());
    for (std::size_t id = 0; id < data.tokens.size(); ++id) {
        // ordered_json looks every key up one by one; entries are known to be different, so they are appended.
        static_cast<std::vector<std::pair<const std::string, Json>>&>(entries).emplace_back(data.tokens[id], id);
    }
    return vocab;
}

Json merges(const GgufTokenizerData& data) {
    Json list = Json::array();
    if (data.model == "llama") {
        for (const ScoredMerge& merge : mergesFromScores(data)) {
            list.push_back({tokenText(data, merge.left), tokenText(data, merge.right)});
        }
        return list;
    }
    for (const std::string& merge : data.merges) {
        const std::size_t space = merge.find(' ');
        list.push_back({merge.substr(0, space), merge.substr(space + 1)});
    }
    return list;
}

Json modelPart(const GgufTokenizerData& data, const BpeTokenizerParts& parts) {
    const Json unknown = parts.unknown_id >= 0 ? Json(tokenText(data, parts.unknown_id)) : Json();
    return {{"type", "BPE"},
            {"dropout", nullptr},
            {"unk_token", unknown},
            {"continuing_subword_prefix", nullptr},
            {"end_of_word_suffix", nullptr},
            {"fuse_unk", parts.fuse_unknown},
            {"byte_fallback", parts.byte_fallback},
            {"ignore_merges", parts.ignore_merges},
            {"vocab", vocabulary(data)},
            {"merges", merges(data)}};
}

Json byteLevel(bool use_regex) {
    return {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", use_regex}};
}

Json preTokenizer(const GgufTokenizerData& data) {
    if (data.model == "llama") return nullptr;
    Json steps = Json::array();
    if (data.pre == "llama-bpe") {
        steps.push_back({{"type", "Split"},
                         {"pattern", {{"Regex", llama3Pattern()}}},
                         {"behavior", "Isolated"},
                         {"invert", false}});
    } else {
        steps.push_back({{"type", "Digits"}, {"individual_digits", true}});
    }
    steps.push_back(byteLevel(data.pre != "llama-bpe"));
    return {{"type", "Sequence"}, {"pretokenizers", std::move(steps)}};
}

Json replaceStep(std::string_view from, std::string_view to) {
    return {{"type", "Replace"}, {"pattern", {{"String", from}}}, {"content", to}};
}

Json normalizer(const BpeTokenizerParts& parts) {
    if (parts.kind == BpeKind::byte_level) return nullptr;
    Json replace = replaceStep(" ", kSpacePiece);
    if (parts.space_prefix == SpacePrefix::never) return replace;
    return {{"type", "Sequence"},
            {"normalizers", Json::array({{{"type", "Prepend"}, {"prepend", kSpacePiece}}, replace})}};
}

Json decoder(const BpeTokenizerParts& parts) {
    if (parts.kind == BpeKind::byte_level) return byteLevel(true);
    Json steps = Json::array({replaceStep(kSpacePiece, " "), {{"type", "ByteFallback"}}, {{"type", "Fuse"}}});
    if (parts.strip_decoded_space) steps.push_back({{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}});
    return {{"type", "Sequence"}, {"decoders", std::move(steps)}};
}

Json postProcessor(const GgufTokenizerData& data, const BpeTokenizerParts& parts) {
    if (parts.prefix.empty() && parts.suffix.empty()) return nullptr;
    Json single = Json::array();
    Json pair = Json::array();
    Json tokens = Json::object();
    const auto special = [&](Json& list, const std::vector<std::int32_t>& ids, int type_id) {
        for (const std::int32_t id : ids) {
            const std::string text = tokenText(data, id);
            list.push_back({{"SpecialToken", {{"id", text}, {"type_id", type_id}}}});
            tokens[text] = {{"id", text}, {"ids", Json::array({id})}, {"tokens", Json::array({text})}};
        }
    };
    const auto sequence = [&](Json& list, const char* name, int type_id) {
        special(list, parts.prefix, type_id);
        list.push_back({{"Sequence", {{"id", name}, {"type_id", type_id}}}});
        special(list, parts.suffix, type_id);
    };
    sequence(single, "A", 0);
    sequence(pair, "A", 0);
    sequence(pair, "B", 1);
    return {{"type", "TemplateProcessing"},
            {"single", std::move(single)},
            {"pair", std::move(pair)},
            {"special_tokens", std::move(tokens)}};
}

Json tokenizerJson(const GgufTokenizerData& data, const BpeTokenizerParts& parts) {
    return {{"version", "1.0"},
            {"truncation", nullptr},
            {"padding", nullptr},
            {"added_tokens", addedTokens(data, parts)},
            {"normalizer", normalizer(parts)},
            {"pre_tokenizer", preTokenizer(data)},
            {"post_processor", postProcessor(data, parts)},
            {"decoder", decoder(parts)},
            {"model", modelPart(data, parts)}};
}

Json specialTokens(const GgufTokenizerData& data) {
    Json map = Json::object();
    const auto add = [&](const char* key, std::optional<std::int64_t> id) {
        if (id.has_value() && *id >= 0 && *id < std::ssize(data.tokens))
            map[key] = tokenText(data, static_cast<std::int32_t>(*id));
    };
    add("bos_token", data.bos);
    add("eos_token", data.eos);
    add("unk_token", data.unknown);
    add("pad_token", data.padding);
    return map;
}

Status checkTexts(const GgufTokenizerData& data) {
    for (std::size_t id = 0; id < data.tokens.size(); ++id) {
        if (firstInvalidUtf8(data.tokens[id]).has_value())
            return failure("token " + std::to_string(id) + " is not UTF-8 text");
    }
    if (firstInvalidUtf8(data.chat_template).has_value()) return failure("tokenizer.chat_template is not UTF-8 text");
    return {};
}

}  // namespace

Result<std::vector<TextFile>> filesFromGgufTokenizer(const GgufTokenizerData& data) {
    QS_TRY(checkTexts(data));
    QS_ASSIGN(const BpeTokenizerParts parts, bpeFromGguf(data));
    const Json special = specialTokens(data);
    Json config = special;
    config["tokenizer_class"] = "PreTrainedTokenizerFast";
    config["clean_up_tokenization_spaces"] = false;
    config["model_input_names"] = {"input_ids", "attention_mask"};
    if (!data.chat_template.empty()) config["chat_template"] = data.chat_template;
    std::vector<TextFile> files{{"tokenizer.json", tokenizerJson(data, parts).dump(1) + "\n"},
                                {"tokenizer_config.json", config.dump(1) + "\n"},
                                {"special_tokens_map.json", special.dump(1) + "\n"}};
    if (!data.chat_template.empty()) files.push_back({"chat_template.jinja", data.chat_template});
    return files;
}

Result<std::vector<TextFile>> tokenizerFilesFromGguf(const std::filesystem::path& gguf) {
    QS_ASSIGN(const GgufTokenizerData data, readGgufTokenizer(gguf));
    try {
        auto files = filesFromGgufTokenizer(data);
        if (files.has_value()) return files;
        Error error = std::move(files).error();
        error.message = "'" + gguf.string() + "': " + error.message + ".";
        error.path = gguf.string();
        return std::unexpected(std::move(error));
    } catch (const std::exception& error) {
        return failure("The tokenizer of '" + gguf.string() + "' could not be written as tokenizer.json.",
                       gguf.string(), error.what());
    }
}

}  // namespace quantoscope
