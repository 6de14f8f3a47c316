#include "app/worker/verbs/verify.h"

#include "core/pipeline/verify.h"

namespace quantoscope {
namespace {

Result<Json> run(Invocation& invocation) {
    const auto& arguments = invocation.arguments;
    QS_ASSIGN(const auto report, verifyRun(arguments.positional[0], arguments.text("configuration"),
                                           arguments.integer("repeat_block"), invocation.job));
    if (!report.problems.empty()) {
        std::string all;
        for (const auto& problem : report.problems) all += (all.empty() ? "" : "\n") + problem;
        return failure("the run folder has " + std::to_string(report.problems.size()) +
                           " damaged or missing results: " + report.problems[0],
                       arguments.positional[0], all);
    }
    Json object{{"files", Json::array()}, {"problems", Json::array()}, {"repeated", report.repeated}};
    for (const auto& file : report.files) object["files"].push_back(Json{{"path", file.path}, {"sha256", file.sha256}});
    return object;
}

std::string describe(const Json& object) {
    std::string text;
    for (const auto& file : object["files"])
        text += file["sha256"].get<std::string>() + "  " + file["path"].get<std::string>() + "\n";
    text += std::to_string(object["files"].size()) + " result files are readable and fit";
    const auto repeated = object["repeated"].get<std::string>();
    return repeated.empty() ? text : text + "\n" + repeated;
}

}  // namespace

Verb verifyVerb() {
    return {"verify",
            "RUN",
            "Checks that every result of a run can be read, prints hashes, and can repeat a block to compare bytes.",
            [](const auto&) -> Result<std::vector<OptionDescription>> {
                return std::vector{
                    textFlag("configuration", "", "Which configuration --repeat-block means."),
                    integerFlag("repeat_block", -1, -1, 1'000'000, "Solve this block again and compare; -1: none.")};
            },
            run,
            describe};
}

}  // namespace quantoscope
