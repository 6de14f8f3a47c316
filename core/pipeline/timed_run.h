// A recipe run into a folder of its own with its phases timed, for the benches.
#pragma once

#include <filesystem>

#include "core/pipeline/runner.h"

namespace quantoscope {

struct TimedRun {
    RunSummary summary;
    std::map<std::string, PhaseTime> phases;
    PhaseTime all;
};

/// The folder is emptied before and after.
inline Result<TimedRun> timedRun(const Recipe& recipe, const std::filesystem::path& folder) {
    std::filesystem::remove_all(folder);
    PhaseTimes times;
    JobContext job;
    job.recordTimes(&times);
    auto summary = runRecipe(recipe, folder, {}, job);
    std::filesystem::remove_all(folder);
    if (!summary) return std::unexpected(summary.error());
    TimedRun run{std::move(*summary), times.totals(), {}};
    for (const auto& [phase, time] : run.phases) {
        run.all.seconds += time.seconds;
        run.all.cpu_seconds += time.cpu_seconds;
    }
    return run;
}

}  // namespace quantoscope
