#include "app/worker/verbs/reference.h"

#include <cmath>

#include "core/analysis/layer_record.h"
#include "core/evaluation/benchmark.h"
#include "core/formats/exporter.h"
#include "core/methods/method.h"

namespace quantoscope {
namespace {

std::string cell(std::string text) {
    for (std::size_t i = text.find('|'); i != std::string::npos; i = text.find('|', i + 2)) text.insert(i, "\\");
    return text;
}

std::string allowedText(const OptionDescription& option) {
    if (option.type == OptionType::choice) {
        std::string choices;
        for (const auto& choice : option.choices) choices += (choices.empty() ? "" : ", ") + choice;
        return choices;
    }
    if (option.type != OptionType::integer && option.type != OptionType::real)
        return std::string(optionTypeName(option.type));
    std::string range = optionText(option.minimum) + " to " + optionText(option.maximum);
    for (const auto special : option.special) range += " or " + std::to_string(special);
    return option.unit.empty() ? range : range + " " + option.unit;
}

std::string optionTable(const std::vector<OptionDescription>& options) {
    if (options.empty()) return {};
    std::string text = "\n| option | allowed | default | |\n|---|---|---|---|\n";
    for (const auto& option : options) {
        const auto shown = optionText(option.default_value);
        text += "| `" + flagName(option.id) + "` | " + cell(allowedText(option)) + " | " +
                (shown.empty() ? "" : "`" + shown + "`") + " | " + cell(option.help) + " |\n";
    }
    return text;
}

std::string verbSection() {
    std::string text = "## Verbs\n";
    for (const auto& verb : verbs()) {
        text += "\n### " + verb.name + (verb.positional.empty() ? "" : " " + verb.positional) + "\n\n" + verb.summary +
                "\n";
        if (const auto flags = verb.flags({})) text += optionTable(*flags);
    }
    return text;
}

std::string methodSection() {
    std::string text = "\n## Methods\n";
    for (const auto& method : methods())
        text += "\n### " + method.label + " (`" + method.id + "`)\n\n" + method.summary +
                "\n\nSource: " + method.source + "\n" + optionTable(method.options);
    return text;
}

std::string metricNames(const BenchmarkDescription& benchmark) {
    std::string names;
    for (const auto& metric : benchmark.metrics) names += (names.empty() ? "`" : ", `") + metric.id + "`";
    return names;
}

std::string percentText(double share) {
    return std::to_string(std::lround(100.0 * share)) + " %";
}

std::string benchmarkSection() {
    std::string text =
        "\n## Benchmarks\n\nA file, or the folder that holds it, is given with `--data`.\n\n| id | | metrics | chance "
        "| questions | definition | data |\n|---|---|---|---|---|---|---|\n";
    for (const auto& benchmark : benchmarks())
        text += "| `" + benchmark.id + "` | " + cell(benchmark.label) + " | " + metricNames(benchmark) + " | " +
                (benchmark.chance > 0.0 ? percentText(benchmark.chance) : "") + " | " +
                (benchmark.published_items > 0 ? std::to_string(benchmark.published_items) : "") + " | " +
                cell(benchmark.definition) + " | " + cell(benchmark.help) + " |\n";
    return text;
}

std::string otherSections() {
    std::string text = benchmarkSection();
    text += "\n## Error metrics\n\n| id | | unit | definition |\n|---|---|---|---|\n";
    for (const auto& metric : linearMetrics())
        text += "| `" + metric.id + "` | " + cell(metric.label) + " | " + metric.unit + " | " +
                cell(metric.definition) + " |\n";
    text += "\n## Checkpoint formats\n";
    for (const auto& format : exportFormats())
        text += "\n### " + format.label + " (`" + format.id + "`)\n\n" + format.summary + "\n" +
                optionTable(format.options);
    return text;
}

}  // namespace

Verb referenceVerb() {
    return {
        "reference",
        "",
        "Prints docs/reference.md: every verb, method, benchmark, metric and format, from their own descriptions.",
        [](const auto&) -> Result<std::vector<OptionDescription>> { return std::vector<OptionDescription>{}; },
        [](Invocation&) -> Result<Json> {
            return Json{
                {"markdown",
                 "# Reference\n\nMade by `quantoscope-worker reference`; do not edit. Every verb also takes `--json`, "
                 "`--events`, `--threads N`, "
                 "`--device auto|cpu|cuda`, `--device-memory MIB` and `--help`; exit status 0 is done, 1 failed, 2 "
                 "wrong usage, 3 cancelled.\n\n" +
                     verbSection() + methodSection() + otherSections()}};
        },
        [](const Json& object) { return object["markdown"].get<std::string>(); }};
}

}  // namespace quantoscope
