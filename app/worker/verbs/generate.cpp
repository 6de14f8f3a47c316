#include "app/worker/verbs/generate.h"

#include <charconv>

#include "app/worker/verbs/json_text.h"
#include "core/formats/tokenizer.h"
#include "core/model/language_model.h"
#include "core/pipeline/target.h"

namespace quantoscope {
namespace {

Result<std::vector<std::int32_t>> parseIds(const std::string& text) {
    std::vector<std::int32_t> ids;
    const char* position = text.data();
    const char* const end = position + text.size();
    while (position != end) {
        std::int32_t id = 0;
        const auto [rest, error] = std::from_chars(position, end, id);
        if (error != std::errc() || (rest != end && *rest != ',') || id < 0)
            return usageError("--prompt-ids must be whole numbers with commas between them, found '" +
                              text.substr(0, 40) + "'");
        ids.push_back(id);
        position = rest == end ? end : rest + 1;
    }
    return ids;
}

Result<std::vector<std::int32_t>> promptIds(const Arguments& arguments, const Target& target,
                                            const Tokenizer* tokenizer, const JobContext& job) {
    if (arguments.has("prompt_ids")) return parseIds(arguments.text("prompt_ids"));
    if (!arguments.has("prompt")) return usageError("say what to go on from: --prompt TEXT, or --prompt-ids 1,2,3");
    if (tokenizer == nullptr)
        return failure("this model has no tokenizer; give the prompt as --prompt-ids", target.tokenizer_path.string());
    std::string prompt = arguments.text("prompt");
    if (arguments.boolean("chat")) {
        const std::vector<ChatMessage> messages{{"user", prompt}};
        QS_ASSIGN(prompt, renderChat(target.tokenizer_path, messages, true));
        return encodeChat(*tokenizer, prompt, job);
    }
    return tokenizer->encode(prompt, {}, job);
}

Result<Json> run(Invocation& invocation) {
    const auto& arguments = invocation.arguments;
    const auto weight_dtype = arguments.text("weight_dtype") == "source" ? WeightDType::source : WeightDType::bfloat16;
    QS_ASSIGN(const auto target, openTarget(arguments.positional[0], weight_dtype, arguments.text("configuration")));
    const auto tokenizer = openTokenizer(target.tokenizer_path);
    if (!tokenizer && arguments.has("prompt") && !arguments.has("prompt_ids"))
        return std::unexpected(tokenizer.error());
    GenerationRequest request;
    QS_ASSIGN(request.prompt_ids, promptIds(arguments, target, tokenizer ? tokenizer->get() : nullptr, invocation.job));
    request.max_new_tokens = arguments.integer("max_new_tokens");
    request.top_logits = arguments.integer("top_logits");
    request.stop_at_eos = !arguments.boolean("ignore_eos");
    request.precision = arguments.text("precision") == "float32" ? Precision::float32 : Precision::bfloat16;
    request.on_token = [&](std::int32_t id) {
        Json line{{"event", "token"}, {"id", id}};
        if (tokenizer) line["text"] = (*tokenizer)->decode(std::span(&id, 1), false);
        invocation.event(line.dump(-1, ' ', false, Json::error_handler_t::replace));
    };
    QS_ASSIGN(const auto result, generate(*target.weights, request, invocation.job));
    Json object{{"prompt_ids", request.prompt_ids},
                {"ids", result.ids},
                {"text", tokenizer ? (*tokenizer)->decode(result.ids, false) : std::string()}};
    if (request.top_logits > 0) {
        object["top_logits"] = Json::array();
        for (const auto& entry : result.top_logits)
            object["top_logits"].push_back(Json{{"id", entry.id}, {"logit", entry.logit}});
    }
    object["prompt_ms"] = result.prompt_ms;
    object["generation_ms"] = result.generation_ms;
    return object;
}

}  // namespace

Verb generateVerb() {
    return {"generate",
            "MODEL|RUN",
            "Continues a prompt, greedily.",
            [](const auto&) -> Result<std::vector<OptionDescription>> {
                auto flags = modelFlags();
                flags.push_back(textFlag("prompt", "", "Text to go on from, taken as it is."));
                flags.push_back(textFlag("prompt_ids", "", "The prompt as token ids, with commas."));
                flags.push_back(booleanFlag("chat", "Put the prompt into the model's chat template."));
                flags.push_back(integerFlag("max_new_tokens", 64, 1, 1'000'000, "How many tokens at most."));
                flags.push_back(
                    integerFlag("top_logits", 0, 0, 1000, "Also print this many of the first new position's logits."));
                flags.push_back(booleanFlag("ignore_eos", "Do not stop at the end-of-text token."));
                return flags;
            },
            run,
            [](const Json& object) { return object["text"].get<std::string>(); }};
}

}  // namespace quantoscope
