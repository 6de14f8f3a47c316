#include "app/worker/verbs/bench.h"

#include "app/worker/verbs/json_text.h"
#include "core/pipeline/machine.h"

namespace quantoscope {
namespace {

Result<Json> run(Invocation&) {
    const auto machine = measureMachine(5);
    return Json{{"instruction_set", machine.instruction_set},
                {"threads", machine.threads},
                {"float32_gflops", machine.float32_gflops},
                {"bfloat16_gflops", machine.bfloat16_gflops},
                {"read_gigabytes_per_s", machine.read_gigabytes_per_s}};
}

std::string describe(const Json& object) {
    return tableText({{"instruction set", object["instruction_set"].get<std::string>()},
                      {"threads", object["threads"].dump()},
                      {"matrix product float32", numberText(object["float32_gflops"].get<double>(), 0) + " GFLOP/s"},
                      {"matrix product bfloat16", numberText(object["bfloat16_gflops"].get<double>(), 0) + " GFLOP/s"},
                      {"memory read", numberText(object["read_gigabytes_per_s"].get<double>(), 1) + " GB/s"}});
}

}  // namespace

Verb benchVerb() {
    return {"bench",
            "",
            "Measures the roofline of this machine: what any kernel could reach at most.",
            [](const auto&) -> Result<std::vector<OptionDescription>> { return std::vector<OptionDescription>{}; },
            run,
            describe};
}

}  // namespace quantoscope
