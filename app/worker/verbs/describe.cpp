#include "app/worker/verbs/describe.h"

#include "app/worker/verbs/json_text.h"
#include "core/analysis/layer_record.h"
#include "core/evaluation/benchmark.h"
#include "core/formats/exporter.h"
#include "core/methods/method.h"

namespace quantoscope {
namespace {

Result<std::vector<OptionDescription>> noFlags(const std::vector<std::string>&) {
    return std::vector<OptionDescription>{};
}

Json optionsJson(const std::vector<OptionDescription>& options) {
    Json list = Json::array();
    for (const auto& option : options) list.push_back(optionJson(option));
    return list;
}

Result<Json> methodList(Invocation&) {
    Json list = Json::array();
    for (const auto& method : methods())
        list.push_back(Json{{"id", method.id},
                            {"label", method.label},
                            {"summary", method.summary},
                            {"source", method.source},
                            {"needs_calibration", method.propagation != Propagation::none},
                            {"options", optionsJson(method.options)}});
    return Json{{"methods", std::move(list)}};
}

Result<Json> formatList(Invocation&) {
    Json list = Json::array();
    for (const auto& format : exportFormats())
        list.push_back(Json{{"id", format.id},
                            {"label", format.label},
                            {"summary", format.summary},
                            {"options", optionsJson(format.options)}});
    return Json{{"formats", std::move(list)}};
}

Result<Json> metricList(Invocation&) {
    Json list = Json::array();
    for (const auto& metric : linearMetrics())
        list.push_back(Json{{"id", metric.id},
                            {"label", metric.label},
                            {"unit", metric.unit},
                            {"lower_is_better", metric.lower_is_better},
                            {"summary", metric.definition}});
    return Json{{"metrics", std::move(list)}};
}

Result<Json> benchmarkList(Invocation&) {
    Json list = Json::array();
    for (const auto& benchmark : benchmarks()) {
        const auto& metric = benchmark.metrics.front();
        Json row{{"id", benchmark.id},
                 {"label", benchmark.label},
                 {"kind", benchmarkKindName(benchmark.kind)},
                 {"metric", metric.id},
                 {"unit", metric.unit},
                 {"lower_is_better", metric.lower_is_better},
                 {"summary", benchmark.definition},
                 {"data", benchmark.help}};
        for (const auto& each : benchmark.metrics)
            row["metrics"].push_back(Json{{"id", each.id}, {"label", each.label}, {"summary", each.definition}});
        if (benchmark.chance > 0.0) row["chance"] = benchmark.chance;
        if (benchmark.published_items > 0) row["published_items"] = benchmark.published_items;
        row["options"] = optionsJson(benchmark.options);
        list.push_back(std::move(row));
    }
    return Json{{"benchmarks", std::move(list)}};
}

std::string describe(const Json& object) {
    std::string text;
    for (const auto& row : object.front()) {
        text += row["id"].get<std::string>() + ": " + row["label"].get<std::string>() + "\n  " +
                row["summary"].get<std::string>() + "\n";
        if (row.contains("data")) text += "  Data: " + row["data"].get<std::string>() + "\n";
        if (!row.contains("options")) continue;
        for (const auto& option : row["options"])
            text += "  " + flagName(option["id"].get<std::string>()) + " (default " + option["default"].dump() +
                    "): " + option["help"].get<std::string>() + "\n";
    }
    return text;
}

}  // namespace

Verb methodsVerb() {
    return {"methods", "", "Lists the quantization methods and their options.", noFlags, methodList, describe};
}
Verb benchmarksVerb() {
    return {"benchmarks", "", "Lists the benchmarks.", noFlags, benchmarkList, describe};
}
Verb formatsVerb() {
    return {"formats", "", "Lists the checkpoint formats that can be written.", noFlags, formatList, describe};
}
Verb metricsVerb() {
    return {"metrics", "", "Lists the error metrics and their definitions.", noFlags, metricList, describe};
}

}  // namespace quantoscope
