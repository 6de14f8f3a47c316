#include "app/worker/verbs/evaluate.h"

#include "app/worker/verbs/json_text.h"
#include "core/pipeline/evaluate.h"
#include "core/pipeline/target.h"

namespace quantoscope {
namespace {

Result<Json> run(Invocation& invocation) {
    const auto& arguments = invocation.arguments;
    const auto weight_dtype = arguments.text("weight_dtype") == "source" ? WeightDType::source : WeightDType::bfloat16;
    QS_ASSIGN(const auto target, openTarget(arguments.positional[0], weight_dtype, arguments.text("configuration")));
    EvaluationRecipe evaluation;
    evaluation.benchmark = arguments.text("benchmark");
    evaluation.data = arguments.text("data");
    evaluation.window = arguments.integer("window");
    evaluation.limit = arguments.integer("limit");
    evaluation.precision = arguments.text("precision") == "float32" ? Precision::float32 : Precision::bfloat16;
    QS_ASSIGN(const auto windows, evaluationWindows(evaluation, target.tokenizer_path, invocation.job));
    QS_ASSIGN(const auto score, evaluate(*target.weights, evaluation, windows, invocation.job));
    if (target.run && arguments.boolean("keep")) {
        QS_ASSIGN(const auto writable, RunFolder::openForWriting(target.run->path()));
        QS_TRY(writable->writeScore(target.configuration.id, score));
    }
    return Json{{"scores", Json::array({scoreJson(score)})}};
}

std::string describe(const Json& object) {
    std::vector<std::vector<std::string>> rows{{"benchmark", "metric", "value", "windows"}};
    for (const auto& score : object["scores"])
        rows.push_back(
            {score["benchmark"].get<std::string>(), score["metric"].get<std::string>(),
             score["value"].is_number() ? numberText(score["value"].get<double>(), 4) : std::string("not a number"),
             score["windows"].dump()});
    return tableText(rows);
}

}  // namespace

Verb evaluateVerb() {
    return {"evaluate",
            "MODEL|RUN",
            "Scores a model, a run or a quantized checkpoint on a benchmark.",
            [](const auto&) -> Result<std::vector<OptionDescription>> {
                auto flags = modelFlags();
                flags.push_back(textFlag("benchmark", "wikitext2", "Which benchmark; `benchmarks` lists them."));
                flags.push_back(textFlag("data", "", "The benchmark's file."));
                flags.push_back(integerFlag("window", 2048, 2, 1'000'000, "Tokens in a window."));
                flags.push_back(integerFlag("limit", 0, 0, std::int64_t{1} << 40, "How many windows; 0: all."));
                flags.push_back(booleanFlag("keep", "Keep the score in the run folder."));
                return flags;
            },
            run,
            describe};
}

}  // namespace quantoscope
