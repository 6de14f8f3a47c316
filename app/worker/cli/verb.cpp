#include "app/worker/cli/verb.h"

#include <utility>

namespace quantoscope {

OptionDescription textFlag(std::string id, std::string default_value, std::string help) {
    return {std::move(id), {}, OptionType::text, std::move(default_value), {}, {}, {}, {}, std::move(help), {}, {}};
}

OptionDescription integerFlag(std::string id, std::int64_t default_value, std::int64_t minimum, std::int64_t maximum,
                              std::string help) {
    return {std::move(id), {}, OptionType::integer, default_value, minimum, maximum, {}, {}, std::move(help), {}};
}

OptionDescription booleanFlag(std::string id, std::string help) {
    return {std::move(id), {}, OptionType::boolean, false, {}, {}, {}, {}, std::move(help), {}};
}

OptionDescription choiceFlag(std::string id, std::string default_value, std::vector<std::string> choices,
                             std::string help) {
    return {std::move(id),   {}, OptionType::choice, std::move(default_value), {}, {}, std::move(choices), {},
            std::move(help), {}};
}

DeviceChoice deviceChoice(const Arguments& arguments) {
    return {arguments.text("device"), arguments.integer("device_memory")};
}

std::vector<OptionDescription> modelFlags() {
    return {choiceFlag("weight_dtype", "bfloat16", {"source", "bfloat16"},
                       "Values of the weights: as the file holds them, or rounded to bfloat16 first."),
            choiceFlag("precision", "bfloat16", {"float32", "bfloat16"},
                       "Arithmetic of the matrix products: exact float32, or bfloat16 operands with float32 sums."),
            textFlag("configuration", "", "Which configuration of a run folder; needed only when it holds several.")};
}

}  // namespace quantoscope
