// A verb of the worker: its words, its flags, what it does.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/worker/cli/arguments.h"
#include "core/base/job.h"
#include "core/base/option.h"
#include "core/base/result.h"
#include "core/device/compute_device.h"

namespace quantoscope {

using Json = nlohmann::ordered_json;

/// What a verb runs with.
struct Invocation {
    Arguments arguments;
    JobContext job;
    PhaseTimes phase_times;  ///< of the job, when --events was given
    /// Sends one JSON object as a line to stderr when --events was given; does nothing otherwise.
    std::function<void(const std::string& json_line)> event;
};

struct Verb {
    std::string name;
    std::string positional;  ///< "MODEL", "" for none; one word an argument
    std::string summary;
    /// The verb's own flags; may depend on what is on the command line (quantize: on --method).
    std::function<Result<std::vector<OptionDescription>>(const std::vector<std::string>& words)> flags;
    /// The object that --json prints.
    std::function<Result<Json>(Invocation&)> run;
    /// The same for people.
    std::function<std::string(const Json&)> describe;
    bool computes_on_gpu = false;  ///< else asking for one is refused
};

const std::vector<Verb>& verbs();

// Rows for flags, so that a verb's list reads like a table.
OptionDescription textFlag(std::string id, std::string default_value, std::string help);
OptionDescription integerFlag(std::string id, std::int64_t default_value, std::int64_t minimum, std::int64_t maximum,
                              std::string help);
OptionDescription booleanFlag(std::string id, std::string help);
OptionDescription choiceFlag(std::string id, std::string default_value, std::vector<std::string> choices,
                             std::string help);

/// --device and --device-memory.
DeviceChoice deviceChoice(const Arguments& arguments);

/// Flags that many verbs share.
std::vector<OptionDescription> modelFlags();  ///< weight_dtype, precision, configuration

}  // namespace quantoscope
