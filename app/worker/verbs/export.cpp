#include "app/worker/verbs/export.h"

#include <algorithm>

#include "app/worker/verbs/json_text.h"
#include "core/formats/exporter.h"
#include "core/pipeline/export_run.h"
#include "core/pipeline/target.h"

namespace quantoscope {
namespace {

Result<std::vector<OptionDescription>> flags(const std::vector<std::string>& words) {
    std::vector<OptionDescription> rows{
        textFlag("format", "", "Which checkpoint format; `formats` lists them."),
        textFlag("output", "", "Folder to write."),
        textFlag("configuration", "", "Which configuration of the run folder; needed only when it holds several.")};
    const auto id = peekFlag(words, "format");
    if (id.empty()) return rows;
    QS_ASSIGN(const auto* format, findExportFormat(id));
    for (const auto& option : format->options) rows.push_back(option);
    return rows;
}

Result<Json> run(Invocation& invocation) {
    const auto& arguments = invocation.arguments;
    if (arguments.text("format").empty())
        return usageError("say which format: --format ID; `quantoscope-worker formats` lists them");
    if (arguments.text("output").empty()) return usageError("say where the checkpoint goes: --output DIR");
    QS_ASSIGN(const auto* format, findExportFormat(arguments.text("format")));
    QS_ASSIGN(const auto target,
              openTarget(arguments.positional[0], WeightDType::bfloat16, arguments.text("configuration")));
    if (!target.run)
        return failure("'" + arguments.positional[0] + "' is not a run folder; export takes the result of a run",
                       arguments.positional[0]);
    OptionValues options;
    for (const auto& option : format->options) options[option.id] = arguments.flags.at(option.id);
    QS_ASSIGN(const auto report, exportTarget(target, *format, arguments.text("output"), options, invocation.job));
    return Json{{"folder", report.folder.string()}, {"bytes", report.bytes}, {"notes", report.notes}};
}

std::string describe(const Json& object) {
    std::string text =
        "wrote " + bytesText(object["bytes"].get<double>()) + " to " + object["folder"].get<std::string>();
    for (const auto& note : object["notes"]) text += "\n" + note.get<std::string>();
    return text;
}

}  // namespace

Verb exportVerb() {
    return {"export", "RUN", "Writes a configuration of a run as a checkpoint that other programs load.",
            flags,    run,   describe};
}

}  // namespace quantoscope
