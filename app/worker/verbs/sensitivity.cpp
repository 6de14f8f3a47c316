#include "app/worker/verbs/sensitivity.h"

#include "app/worker/verbs/json_text.h"
#include "core/mixed_bits/sensitivity.h"
#include "core/pipeline/measure_sensitivity.h"

namespace quantoscope {
namespace {

Result<std::vector<OptionDescription>> flags(const std::vector<std::string>&) {
    const SensitivityMeasurement standard;
    return std::vector{
        textFlag("configuration", "",
                 "The configuration to measure; of a single method the one at 3 bits or next to it."),
        integerFlag("samples", standard.samples, 1, 1'000'000, "How many of the run's calibration windows are used."),
        integerFlag("sequence_length", standard.sequence_length, 2, 1'000'000, "Tokens taken of each.")};
}

Result<Json> run(Invocation& invocation) {
    const auto& arguments = invocation.arguments;
    // The lock is held while the measurement is made: nobody else changes the folder under it.
    QS_ASSIGN(const auto folder, RunFolder::openForWriting(arguments.positional[0]));
    QS_ASSIGN(const auto id, runToMeasure(*folder, arguments.text("configuration")));
    const SensitivityMeasurement wanted{arguments.integer("samples"), arguments.integer("sequence_length")};
    QS_ASSIGN(const auto measured, measureSensitivity(arguments.positional[0], id, wanted, invocation.job));
    const auto path = divergencePath(folder->path(), id);
    QS_TRY(writeDivergences(path, measured));
    Json object{{"configuration", id},
                {"samples", measured.samples},
                {"sequence_length", measured.sequence_length},
                {"path", path.string()},
                {"linears", Json::array()}};
    for (const auto& [place, divergence] : measured.divergence)
        object["linears"].push_back(
            Json{{"block", place.first}, {"linear", linearName(place.second)}, {"divergence", divergence}});
    return object;
}

std::string describe(const Json& object) {
    std::vector<std::vector<std::string>> rows{{"linear", "KL divergence"}};
    for (const auto& linear : object["linears"])
        rows.push_back({std::to_string(linear["block"].get<std::int64_t>()) + "." + linear["linear"].get<std::string>(),
                        numberText(linear["divergence"].get<double>(), 6)});
    return tableText(rows) + "\nmeasured on " + std::to_string(object["samples"].get<std::int64_t>()) + " x " +
           std::to_string(object["sequence_length"].get<std::int64_t>()) + " tokens with " +
           object["configuration"].get<std::string>();
}

}  // namespace

Verb sensitivityVerb() {
    return {"sensitivity",
            "RUN",
            "Quantizes each linear of a finished run alone and measures what that does to the predictions.",
            flags,
            run,
            describe};
}

}  // namespace quantoscope
