#include "core/formats/tokenizer/tokenizer_json.h"

#include <nlohmann/json.hpp>

#include "core/formats/tokenizer/tokenizer_json_model.h"

namespace quantoscope {

namespace {
using Json = nlohmann::json;

/// The "type" of a component, empty when there is none.
std::string typeOf(const Json& component) {
    if (!component.is_object()) return {};
    const auto type = component.find("type");
    return type != component.end() && type->is_string() ? type->get<std::string>() : std::string();
}

bool flag(const Json& component, const char* key, bool absent) {
    const auto value = component.find(key);
    return value != component.end() && value->is_boolean() ? value->get<bool>() : absent;
}

std::string textOf(const Json& component, const char* key) {
    const auto value = component.find(key);
    return value != component.end() && value->is_string() ? value->get<std::string>() : std::string();
}

std::unexpected<Error> unsupported(const char* part, const Json& component) {
    std::string type = typeOf(component);
    if (type.empty()) type = component.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 60);
    return failure(std::string(part) + " '" + type + "' is not supported with these settings", {},
                   component.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 500));
}

const Json& part(const Json& document, const char* key) {
    static const Json kNull;
    const auto found = document.find(key);
    return found == document.end() ? kNull : *found;
}

/// A Sequence's members, or the component alone.
std::vector<Json> members(const Json& component, const char* type, const char* key) {
    if (component.is_null()) return {};
    if (typeOf(component) != type) return {component};
    const Json& list = part(component, key);
    if (!list.is_array()) return {component};
    return list.get<std::vector<Json>>();
}

Status readSplit(const Json& component, BpeTokenizerParts& parts) {
    const Json& pattern = part(component, "pattern");
    const std::string regex = pattern.is_object() ? textOf(pattern, "Regex") : std::string();
    if (regex.empty() || textOf(component, "behavior") != "Isolated" || flag(component, "invert", false)) {
        return unsupported("pre-tokenizer", component);
    }
    auto compiled = SplitPattern::compile(regex);
    if (!compiled.has_value()) {
        return failure("pre-tokenizer " + compiled.error().message, {}, compiled.error().cause);
    }
    if (regex != llama3Pattern() && regex != gpt2Pattern()) {
        return failure("pre-tokenizer pattern '" + regex + "' is not supported (LLaMA-3's and GPT-2's are)");
    }
    parts.splits.push_back(std::move(*compiled));
    return {};
}

Status readByteLevel(const Json& component, BpeTokenizerParts& parts) {
    if (flag(component, "add_prefix_space", true)) return unsupported("pre-tokenizer", component);
    if (!flag(component, "use_regex", true)) return {};
    QS_ASSIGN(auto patterns, compilePatterns({gpt2Pattern()}));
    parts.splits.push_back(std::move(patterns.front()));
    return {};
}

Status readMetaspace(const Json& component, BpeTokenizerParts& parts) {
    const std::string scheme = textOf(component, "prepend_scheme");
    if (textOf(component, "replacement") != kSpacePiece || flag(component, "split", true)) {
        return unsupported("pre-tokenizer", component);
    }
    if (scheme == "first") {
        parts.space_prefix = SpacePrefix::first_if_missing;
    } else if (scheme == "always") {
        parts.space_prefix = SpacePrefix::every_if_missing;
    } else if (scheme != "never") {
        return unsupported("pre-tokenizer", component);
    }
    parts.kind = BpeKind::spaces_as_pieces;
    return {};
}

Status readPreTokenizer(const Json& pre_tokenizer, BpeTokenizerParts& parts) {
    const std::vector<Json> steps = members(pre_tokenizer, "Sequence", "pretokenizers");
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const std::string type = typeOf(steps[i]);
        const bool last = i + 1 == steps.size();
        if (type == "ByteLevel" && last) {
            QS_TRY(readByteLevel(steps[i], parts));
        } else if (type == "Split") {
            QS_TRY(readSplit(steps[i], parts));
            if (last) return failure("pre-tokenizer 'Split' is not supported without 'ByteLevel' after it");
        } else if (type == "Digits" && flag(steps[i], "individual_digits", false) && !last) {
            QS_ASSIGN(auto patterns, compilePatterns({digitPattern()}));
            parts.splits.push_back(std::move(patterns.front()));
        } else if (type == "Metaspace" && steps.size() == 1) {
            QS_TRY(readMetaspace(steps[i], parts));
        } else {
            return unsupported("pre-tokenizer", steps[i]);
        }
    }
    return {};
}

/// LLaMA-2's: Prepend U+2581, then Replace " " by it.
Status readNormalizer(const Json& normalizer, bool pre_tokenizer_absent, BpeTokenizerParts& parts) {
    const std::vector<Json> steps = members(normalizer, "Sequence", "normalizers");
    if (steps.empty()) {
        if (pre_tokenizer_absent) return failure("a tokenizer without pre-tokenizer and normalizer is not supported");
        return {};
    }
    const auto replaces = [](const Json& step) {
        return typeOf(step) == "Replace" && part(step, "pattern").is_object() &&
               textOf(part(step, "pattern"), "String") == " " && textOf(step, "content") == kSpacePiece;
    };
    const bool prepends = typeOf(steps[0]) == "Prepend" && textOf(steps[0], "prepend") == kSpacePiece;
    const bool known = prepends ? steps.size() == 2 && replaces(steps[1]) : steps.size() == 1 && replaces(steps[0]);
    if (!known || !pre_tokenizer_absent) {
        const std::size_t culprit = prepends && steps.size() > 1 && !replaces(steps[1]) ? 1 : 0;
        return unsupported("normalizer", steps[culprit]);
    }
    parts.kind = BpeKind::spaces_as_pieces;
    parts.space_prefix = prepends ? SpacePrefix::every_section : SpacePrefix::never;
    return {};
}

Status readDecoder(const Json& decoder, BpeTokenizerParts& parts) {
    const std::vector<Json> steps = members(decoder, "Sequence", "decoders");
    if (parts.kind == BpeKind::byte_level) {
        if (steps.size() == 1 && typeOf(steps[0]) == "ByteLevel") return {};
        return unsupported("decoder", decoder);
    }
    static constexpr const char* kOrder[] = {"Replace", "ByteFallback", "Fuse", "Strip"};
    if (steps.size() < 3 || steps.size() > 4) return unsupported("decoder", decoder);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (typeOf(steps[i]) != kOrder[i]) return unsupported("decoder", steps[i]);
    }
    const Json& pattern = part(steps[0], "pattern");
    const bool to_space =
        pattern.is_object() && textOf(pattern, "String") == kSpacePiece && textOf(steps[0], "content") == " ";
    if (!to_space) return unsupported("decoder", steps[0]);
    if (steps.size() == 4) {
        const bool one_space =
            textOf(steps[3], "content") == " " && part(steps[3], "start") == 1 && part(steps[3], "stop") == 0;
        if (!one_space) return unsupported("decoder", steps[3]);
        parts.strip_decoded_space = true;
    }
    return {};
}

Status addTemplateToken(const Json& item, const Json& special_tokens, std::size_t vocabulary,
                        std::vector<std::int32_t>& ids) {
    const std::string name = textOf(item, "id");
    const Json& token = part(special_tokens, name.c_str());
    const Json& list = token.is_object() ? part(token, "ids") : token;
    if (!list.is_array()) return failure("post-processor names '" + name + "', which its special_tokens do not list");
    for (const Json& id : list) {
        if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= vocabulary) {
            return failure("post-processor token '" + name + "' has an id outside the vocabulary");
        }
        ids.push_back(id.get<std::int32_t>());
    }
    return {};
}

Status readTemplate(const Json& processor, BpeTokenizerParts& parts) {
    const Json& single = part(processor, "single");
    const Json& special_tokens = part(processor, "special_tokens");
    if (!single.is_array() || !special_tokens.is_object()) return unsupported("post-processor", processor);
    bool seen_text = false;
    for (const Json& item : single) {
        if (item.is_object() && item.contains("Sequence") && !seen_text) {
            seen_text = true;
        } else if (item.is_object() && item.contains("SpecialToken")) {
            QS_TRY(addTemplateToken(item["SpecialToken"], special_tokens, parts.model.tokens.size(),
                                    seen_text ? parts.suffix : parts.prefix));
        } else {
            return unsupported("post-processor", processor);
        }
    }
    return seen_text ? Status{} : unsupported("post-processor", processor);
}

Status readPostProcessor(const Json& post_processor, BpeTokenizerParts& parts) {
    for (const Json& step : members(post_processor, "Sequence", "processors")) {
        const std::string type = typeOf(step);
        if (type == "TemplateProcessing") {
            QS_TRY(readTemplate(step, parts));
        } else if (type != "ByteLevel") {  // ByteLevel only moves offsets
            return unsupported("post-processor", step);
        }
    }
    return {};
}

Result<BpeTokenizerParts> readDocument(const Json& document) {
    if (!document.is_object()) return failure("the top level must be an object");
    BpeTokenizerParts parts;
    QS_TRY(readBpeModel(document, parts));
    const Json& pre_tokenizer = part(document, "pre_tokenizer");
    QS_TRY(readPreTokenizer(pre_tokenizer, parts));
    const bool absent = pre_tokenizer.is_null();
    QS_TRY(readNormalizer(part(document, "normalizer"), absent, parts));
    QS_TRY(readAddedTokens(document, parts));
    QS_TRY(readDecoder(part(document, "decoder"), parts));
    QS_TRY(readPostProcessor(part(document, "post_processor"), parts));
    parts.label = parts.kind == BpeKind::byte_level ? "byte-level BPE" : "BPE with byte fallback";
    return parts;
}
}  // namespace

Result<BpeTokenizerParts> parseTokenizerJson(std::string_view text, const std::string& where) {
    try {
        const Json document = Json::parse(text);
        auto parts = readDocument(document);
        if (parts.has_value()) return parts;
        Error error = std::move(parts).error();
        error.message = "'" + where + "': " + error.message + ".";
        error.path = where;
        return std::unexpected(std::move(error));
    } catch (const Json::parse_error& error) {
        return failure("'" + where + "' is not valid JSON (at byte " + std::to_string(error.byte) + ").", where,
                       error.what());
    } catch (const std::exception& error) {
        return failure("'" + where + "' could not be read as a tokenizer.", where, error.what());
    }
}

std::string_view llama3Pattern() {
    return R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
}
std::string_view gpt2Pattern() {
    return R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
}
std::string_view digitPattern() {
    return R"(\p{N})";
}

Result<std::vector<std::shared_ptr<const SplitPattern>>> compilePatterns(
    std::initializer_list<std::string_view> patterns) {
    std::vector<std::shared_ptr<const SplitPattern>> compiled;
    for (const std::string_view pattern : patterns) {
        QS_ASSIGN(auto one, SplitPattern::compile(pattern));
        compiled.push_back(std::move(one));
    }
    return compiled;
}

}  // namespace quantoscope
