#include "app/worker/verbs/tokenize.h"

#include "core/base/atomic_file.h"
#include "core/formats/tokenizer.h"

namespace quantoscope {
namespace {

Result<Json> run(Invocation& invocation) {
    const auto& arguments = invocation.arguments;
    if (arguments.text("text_file").empty() == !arguments.has("text"))
        return usageError("say what to tokenize: --text-file FILE, or --text TEXT");
    QS_ASSIGN(const auto tokenizer, openTokenizer(arguments.positional[0]));
    std::string text = arguments.text("text");
    if (!arguments.text("text_file").empty()) {
        QS_ASSIGN(text, readTextFile(arguments.text("text_file"), std::uint64_t{1} << 30));
    }
    QS_ASSIGN(const auto ids,
              tokenizer->encode(text, {.add_special = !arguments.boolean("no_special"), .parse_special = true},
                                invocation.job));
    Json object{{"ids", ids}};
    if (arguments.boolean("tokens")) {
        Json tokens = Json::array();
        for (const auto id : ids) tokens.push_back(tokenizer->tokenText(id));
        object["tokens"] = std::move(tokens);
    }
    return object;
}

std::string describe(const Json& object) {
    std::string text;
    for (const auto& id : object["ids"]) text += (text.empty() ? "" : " ") + id.dump();
    return text;
}

}  // namespace

Verb tokenizeVerb() {
    return {"tokenize",
            "MODEL",
            "Shows the ids of a text, for people who doubt.",
            [](const auto&) -> Result<std::vector<OptionDescription>> {
                return std::vector{textFlag("text_file", "", "File with the text, taken as it is."),
                                   textFlag("text", "", "The text itself."),
                                   booleanFlag("no_special", "Leave out what the tokenizer adds (BOS)."),
                                   booleanFlag("tokens", "Also print each id's token.")};
            },
            run,
            describe};
}

}  // namespace quantoscope
