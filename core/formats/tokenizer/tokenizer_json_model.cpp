#include "core/formats/tokenizer/tokenizer_json_model.h"

namespace quantoscope {

namespace {
using Json = nlohmann::json;

bool isEmptyText(const Json& object, const char* key) {
    const auto value = object.find(key);
    return value == object.end() || value->is_null() ||
           (value->is_string() && value->get_ref<const std::string&>().empty());
}

bool isTrue(const Json& object, const char* key) {
    const auto value = object.find(key);
    return value != object.end() && value->is_boolean() && value->get<bool>();
}

Status readVocabulary(const Json& model, BpeModel& bpe) {
    const auto vocabulary = model.find("vocab");
    if (vocabulary == model.end() || !vocabulary->is_object()) return failure("the model has no 'vocab'");
    bpe.ids.reserve(vocabulary->size());
    for (const auto& [text, id] : vocabulary->items()) {
        if (!id.is_number_integer()) return failure("the id of token '" + text + "' must be a non-negative integer");
        const bool huge = id.is_number_unsigned() && id.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
        QS_TRY(bpe.addToken(text, huge ? INT64_MAX : id.get<std::int64_t>()));
    }
    return {};
}

Status readMerges(const Json& model, BpeModel& bpe) {
    const auto merges = model.find("merges");
    if (merges == model.end() || !merges->is_array()) return failure("the model has no 'merges'");
    bpe.merges.reserve(merges->size());
    std::size_t index = 0;
    for (const Json& merge : *merges) {
        if (merge.is_string()) {
            QS_ASSIGN(const auto halves, mergeHalves(merge.get_ref<const std::string&>(), index));
            QS_TRY(addMerge(bpe, index, halves.first, halves.second));
        } else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
            QS_TRY(
                addMerge(bpe, index, merge[0].get_ref<const std::string&>(), merge[1].get_ref<const std::string&>()));
        } else {
            return failure("merge " + std::to_string(index) + " does not have two parts");
        }
        ++index;
    }
    return {};
}

Status readUnknownToken(const Json& model, BpeTokenizerParts& parts) {
    if (isEmptyText(model, "unk_token")) return {};
    const std::string unknown = model["unk_token"].is_string() ? model["unk_token"].get<std::string>() : std::string();
    parts.unknown_id = parts.model.find(unknown);
    if (parts.unknown_id < 0) return failure("the unknown token '" + unknown + "' is not in the vocabulary");
    return {};
}

Result<AddedToken> readAddedToken(const Json& entry) {
    const auto content = entry.is_object() ? entry.find("content") : entry.end();
    if (!entry.is_object() || content == entry.end() || !content->is_string() ||
        content->get_ref<const std::string&>().empty()) {
        return failure("an entry of added_tokens has no 'content'");
    }
    AddedToken token;
    token.content = content->get<std::string>();
    const auto id = entry.find("id");
    if (id == entry.end() || !id->is_number_unsigned() ||
        id->get<std::uint64_t>() > static_cast<std::uint64_t>(BpeModel::kLargestId)) {
        return failure("added token '" + token.content + "' has no id between 0 and " +
                       std::to_string(BpeModel::kLargestId));
    }
    token.id = id->get<std::int32_t>();
    token.special = isTrue(entry, "special");
    token.normalized = isTrue(entry, "normalized");
    token.lstrip = isTrue(entry, "lstrip");
    token.rstrip = isTrue(entry, "rstrip");
    if (isTrue(entry, "single_word")) {
        return failure("added token '" + token.content + "' asks for single_word, which is not supported");
    }
    return token;
}
}  // namespace

Result<std::pair<std::string_view, std::string_view>> mergeHalves(std::string_view merge, std::size_t index) {
    const std::size_t space = merge.find(' ');
    if (space == std::string_view::npos || space == 0 || space + 1 == merge.size() ||
        merge.find(' ', space + 1) != std::string_view::npos) {
        return failure("merge " + std::to_string(index) + " does not have two parts");
    }
    return std::pair(merge.substr(0, space), merge.substr(space + 1));
}

Status addMerge(BpeModel& model, std::size_t index, std::string_view left, std::string_view right) {
    const auto named = [&] {
        return "merge " + std::to_string(index) + " ('" + std::string(left) + " " + std::string(right) + "')";
    };
    const std::int32_t left_id = model.find(left);
    const std::int32_t right_id = model.find(right);
    if (left_id < 0 || right_id < 0) {
        return failure(named() + " names unknown token '" + std::string(left_id < 0 ? left : right) + "'");
    }
    const std::string joined = std::string(left) + std::string(right);
    const std::int32_t result = model.find(joined);
    if (result < 0) return failure(named() + " makes unknown token '" + joined + "'");
    // A pair listed twice has the rank of its last place, as in the reference engine.
    model.merges[BpeModel::pairKey(left_id, right_id)] = {static_cast<std::uint32_t>(index), result};
    return {};
}

Status readBpeModel(const Json& document, BpeTokenizerParts& parts) {
    const auto model = document.find("model");
    if (model == document.end() || !model->is_object()) return failure("tokenizer.json has no 'model'");
    const auto type = model->find("type");
    const std::string name =
        type != model->end() && type->is_string() ? type->get<std::string>() : std::string("(none)");
    if (name != "BPE") return failure("tokenizer model '" + name + "' is not supported (BPE is)");
    for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
        if (!isEmptyText(*model, key)) return failure(std::string("the model's ") + key + " is not supported");
    }
    if (const auto dropout = model->find("dropout"); dropout != model->end() && !dropout->is_null() && *dropout != 0) {
        return failure("the model's dropout is not supported: ids would be random");
    }
    QS_TRY(readVocabulary(*model, parts.model));
    QS_TRY(readMerges(*model, parts.model));
    QS_TRY(readUnknownToken(*model, parts));
    parts.ignore_merges = isTrue(*model, "ignore_merges");
    parts.byte_fallback = isTrue(*model, "byte_fallback");
    parts.fuse_unknown = isTrue(*model, "fuse_unk");
    return {};
}

Status readAddedTokens(const Json& document, BpeTokenizerParts& parts) {
    const auto list = document.find("added_tokens");
    if (list == document.end() || list->is_null()) return {};
    if (!list->is_array()) return failure("added_tokens must be a list");
    std::vector<AddedToken> tokens;
    for (const Json& entry : *list) {
        QS_ASSIGN(AddedToken token, readAddedToken(entry));
        if (token.normalized && parts.kind == BpeKind::spaces_as_pieces) {
            return failure("added token '" + token.content +
                           "' is matched after normalization, which is not supported here");
        }
        const std::int32_t known = parts.model.find(token.content);
        if (known >= 0 && known != token.id) {
            return failure("added token '" + token.content + "' has id " + std::to_string(token.id) +
                           ", but the vocabulary says " + std::to_string(known));
        }
        if (known < 0) QS_TRY(parts.model.addText(token.content, token.id));
        tokens.push_back(std::move(token));
    }
    parts.added = AddedTokens(std::move(tokens));
    return {};
}

}  // namespace quantoscope
