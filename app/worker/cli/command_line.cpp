#include "app/worker/cli/command_line.h"

#include <omp.h>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <mutex>

#include "app/worker/cli/stop_on_signal.h"
#include "app/worker/cli/verb.h"
#include "core/pipeline/events.h"
#include "core/pipeline/memory_meter.h"

namespace quantoscope {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr int kCancelled = 3;

void printLine(std::FILE* stream, const std::string& text) {
    std::fputs(text.c_str(), stream);
    std::fputc('\n', stream);
    std::fflush(stream);
}

std::vector<OptionDescription> commonFlags() {
    return {
        booleanFlag("json", "Print one JSON object on stdout."),
        booleanFlag("events", "Print progress as JSON lines on stderr."),
        integerFlag("threads", 0, 0, 1024, "Threads to compute with; 0: all cores."),
        choiceFlag("device", kAutoDevice, {kAutoDevice, kCpuDevice, kCudaDevice},
                   "Where `run`, `quantize` and `evaluate` compute: on the CPU, on an NVIDIA GPU, or on the GPU where "
                   "there is one. A run goes on where it began."),
        integerFlag("device_memory", 0, 0, std::int64_t{1} << 30,
                    "MiB of the GPU's memory that may be used; 0: nine tenths of what is free."),
        booleanFlag("help", "Show this help.")};
}

std::string overview() {
    std::string text =
        "quantoscope-worker " QUANTOSCOPE_VERSION ": quantizes and measures LLaMA models without a window.\n\n";
    for (const auto& verb : verbs()) {
        std::string head = "  " + verb.name + (verb.positional.empty() ? "" : " " + verb.positional);
        head.resize(std::max<std::size_t>(head.size() + 1, 28), ' ');
        text += head + verb.summary + "\n";
    }
    return text + "\nquantoscope-worker VERB --help explains a verb.";
}

std::string helpText(const Verb& verb, const std::vector<OptionDescription>& flags) {
    std::string text = "quantoscope-worker " + verb.name + (verb.positional.empty() ? "" : " " + verb.positional) +
                       " [options]\n" + verb.summary + "\n\n";
    for (const auto& flag : flags) {
        std::string head = "  " + flagName(flag.id);
        if (flag.type == OptionType::choice) {
            std::string choices;
            for (const auto& choice : flag.choices) choices += (choices.empty() ? "" : "|") + choice;
            head += " " + choices;
        } else if (flag.type != OptionType::boolean) {
            head += " " + std::string(optionTypeName(flag.type));
        }
        head.resize(std::max<std::size_t>(head.size() + 2, 34), ' ');
        const auto shown = optionText(flag.default_value);
        text += head + flag.help + (shown.empty() || shown == "false" ? "" : " Default: " + shown + ".") + "\n";
    }
    return text;
}

int exitStatus(const Error& error) {
    switch (error.kind) {
        case ErrorKind::usage:
            return kUsage;
        case ErrorKind::cancelled:
            return kCancelled;
        case ErrorKind::failed:
            return kFailed;
    }
    return kFailed;
}

int reportError(const Error& error, bool as_json) {
    if (as_json) {
        const Json object{{"error", {{"message", error.message}, {"cause", error.cause}, {"path", error.path}}}};
        printLine(stdout, object.dump(-1, ' ', false, Json::error_handler_t::replace));
    } else {
        printLine(stderr,
                  "quantoscope-worker: " + error.message + (error.cause.empty() ? "" : "\n  cause: " + error.cause));
    }
    return exitStatus(error);
}

const Verb* findVerb(const std::string& name) {
    const auto found = std::ranges::find(verbs(), name, &Verb::name);
    return found == verbs().end() ? nullptr : &*found;
}

Error unknownVerb(const std::string& name) {
    std::vector<std::string> names;
    for (const auto& verb : verbs()) names.push_back(verb.name);
    const auto near = nearestWord(name, names);
    return usageError("there is no verb '" + name + "'" +
                      (near.empty() ? "; --help lists them" : "; did you mean '" + near + "'?"))
        .error();
}

std::string progressLine(const Progress& progress) {
    const Json object{{"event", "progress"}, {"fraction", progress.fraction}, {"text", progress.stage}};
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Where the time goes, as events, with what the process holds in memory.
void sendPhases(Invocation& invocation) {
    invocation.phase_times.sendSlices([event = invocation.event](double seconds, const PhaseTimes::Phases& phases) {
        Event slice;
        slice.kind = EventKind::phases;
        slice.seconds = seconds;
        slice.memory_bytes = anonymousBytes();
        slice.mapped_bytes = mappedBytes();
        for (const auto& [name, time] : phases)
            slice.phases.push_back({name, time.seconds, time.cpu_seconds, time.operations});
        event(eventJson(slice));
    });
    invocation.job.recordTimes(&invocation.phase_times);
}

Result<Json> runVerb(const Verb& verb, Invocation& invocation, const std::stop_token& stop) {
    const auto expected =
        static_cast<std::size_t>(std::ranges::count(verb.positional, ' ')) + (verb.positional.empty() ? 0 : 1);
    if (invocation.arguments.positional.size() != expected)
        return usageError("'" + verb.name + "' takes " +
                          (expected == 0 ? std::string("no argument") : verb.positional) + ", found " +
                          std::to_string(invocation.arguments.positional.size()) + " arguments");
    if (!verb.computes_on_gpu && invocation.arguments.text("device") == kCudaDevice)
        return usageError("'" + verb.name + "' computes on the CPU only; leave out --device " + kCudaDevice);
    if (const auto threads = invocation.arguments.integer("threads"); threads > 0)
        omp_set_num_threads(static_cast<int>(threads));
    if (invocation.arguments.boolean("events")) {
        const auto mutex = std::make_shared<std::mutex>();
        invocation.event = [mutex](const std::string& line) {
            const std::lock_guard lock(*mutex);
            printLine(stderr, line);
        };
        invocation.job =
            JobContext(stop, [event = invocation.event](const Progress& progress) { event(progressLine(progress)); });
        sendPhases(invocation);
    } else {
        invocation.event = [](const std::string&) {};
        invocation.job = JobContext(stop);
    }
    return verb.run(invocation);
}

int runWords(const std::vector<std::string>& words, const std::stop_token& stop) {
    const bool as_json = std::ranges::find(words, "--json") != words.end();
    if (words.empty() || words[0] == "--help" || words[0] == "help") {
        printLine(words.empty() ? stderr : stdout, overview());
        return words.empty() ? kUsage : kDone;
    }
    if (words[0] == "--version") {
        printLine(stdout, QUANTOSCOPE_VERSION);
        return kDone;
    }
    const Verb* verb = findVerb(words[0]);
    if (verb == nullptr) return reportError(unknownVerb(words[0]), as_json);
    const std::vector<std::string> rest(words.begin() + 1, words.end());
    auto flags = verb->flags(rest);
    if (!flags) return reportError(flags.error(), as_json);
    for (auto& flag : commonFlags()) flags->push_back(std::move(flag));
    if (std::ranges::find(rest, "--help") != rest.end()) {
        printLine(stdout, helpText(*verb, *flags));
        return kDone;
    }
    Invocation invocation;
    auto arguments = parseArguments(rest, *flags);
    if (!arguments) return reportError(arguments.error(), as_json);
    invocation.arguments = std::move(*arguments);
    const auto result = runVerb(*verb, invocation, stop);
    if (!result) return reportError(result.error(), as_json);
    printLine(stdout, as_json ? result->dump(-1, ' ', false, Json::error_handler_t::replace) : verb->describe(*result));
    return kDone;
}

}  // namespace

int runCommandLine(int argument_count, char** arguments) {
    std::setlocale(LC_ALL, "C");
    const StopOnSignal signals;
    return runWords({arguments + std::min(1, argument_count), arguments + argument_count}, signals.token());
}

}  // namespace quantoscope
