// Runs a recipe (resources/demo/recipe.json, say) into a temporary folder and shows where the time of the whole sweep
// goes. CPU seconds hold on a shared machine; seconds only on a quiet one.
//   sweep_bench RECIPE [RUNS = 1]
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "core/pipeline/runner.h"

namespace {

using namespace quantoscope;
namespace fs = std::filesystem;

Result<PhaseTimes> measure(const Recipe& recipe) {
    const auto folder = fs::temp_directory_path() / "quantoscope-sweep-bench";
    fs::remove_all(folder);
    PhaseTimes times;
    JobContext job;
    job.recordTimes(&times);
    const auto summary = runRecipe(recipe, folder, {}, job);
    fs::remove_all(folder);
    if (!summary) return std::unexpected(summary.error());
    return times;
}

void print(const PhaseTimes& times) {
    PhaseTime all;
    for (const auto& [phase, time] : times.totals()) {
        std::printf("%-14s %8.2f s %8.2f CPU s\n", phase.c_str(), time.seconds, time.cpu_seconds);
        all.seconds += time.seconds;
        all.cpu_seconds += time.cpu_seconds;
    }
    std::printf("%-14s %8.2f s %8.2f CPU s\n", "all", all.seconds, all.cpu_seconds);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::printf("usage: sweep_bench RECIPE [RUNS]\n");
        return 2;
    }
    const auto recipe = readRecipeFile(argv[1]);
    if (!recipe) {
        std::printf("%s\n", recipe.error().message.c_str());
        return 1;
    }
    for (int run = 0; run < (argc > 2 ? std::atoi(argv[2]) : 1); ++run) {
        const auto times = measure(*recipe);
        if (!times) {
            std::printf("%s\n", times.error().message.c_str());
            return 1;
        }
        print(*times);
    }
    return 0;
}
