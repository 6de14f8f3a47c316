#include "app/worker/verbs/evaluate.h"

#include "app/worker/verbs/json_text.h"
#include "core/pipeline/evaluate.h"
#include "core/pipeline/events.h"
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
    evaluation.encoding = arguments.text("encoding") == "joint" ? ChoiceEncoding::joint : ChoiceEncoding::separate;
    evaluation.shots = arguments.integer("shots");
    evaluation.as_written = arguments.boolean("as_written");
    evaluation.precision = arguments.text("precision") == "float32" ? Precision::float32 : Precision::bfloat16;
    QS_ASSIGN(const auto inputs,
              evaluationInputs(evaluation, target.tokenizer_path, target.weights->config(), invocation.job));
    QS_ASSIGN(auto device, ComputeDevice::choose(deviceChoice(arguments), evaluation.precision == Precision::bfloat16));
    device.sendNotesTo([&](const std::string& text) {
        invocation.event(eventJson({.kind = EventKind::note, .configuration = {}, .text = text}));
    });
    QS_ASSIGN(const auto scores, evaluate(*target.weights, evaluation, inputs, invocation.job, &device));
    if (target.run && arguments.boolean("keep")) {
        QS_ASSIGN(const auto writable, RunFolder::openForWriting(target.run->path()));
        QS_TRY(writeQuestions(writable->path(), scores.front(), questionTexts(inputs)));
        QS_TRY(writable->writeScores(target.configuration.id, scores));
    }
    Json list = Json::array();
    for (const auto& score : scores) list.push_back(scoreJson(score));
    return Json{{"scores", std::move(list)}};
}

std::string describe(const Json& object) {
    const bool choices = object["scores"].front().contains("items");
    std::vector<std::vector<std::string>> rows{{"benchmark", "metric", "value", choices ? "questions" : "windows"}};
    for (const auto& score : object["scores"])
        rows.push_back({score["benchmark"].get<std::string>(), score["metric"].get<std::string>(), scoreText(score),
                        score[choices ? "items" : "windows"].dump()});
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
                flags.push_back(textFlag("data", "", "The benchmark's file, or the folder that holds it."));
                flags.push_back(integerFlag("window", 2048, 2, 1'000'000, "Tokens in a window (perplexity)."));
                flags.push_back(
                    integerFlag("limit", 0, 0, std::int64_t{1} << 40, "How many windows or questions; 0: all."));
                flags.push_back(choiceFlag("encoding", "separate", {"separate", "joint"},
                                           "Context and choice tokenized each on its own, or as one text."));
                flags.push_back(integerFlag("shots", 5, 0, 20, "Solved examples before a question (MMLU)."));
                flags.push_back(
                    booleanFlag("as_written", "Cells as the files have them, not as pandas prints them (MMLU)."));
                flags.push_back(booleanFlag("keep", "Keep the score in the run folder."));
                return flags;
            },
            run,
            describe,
            true};
}

}  // namespace quantoscope
