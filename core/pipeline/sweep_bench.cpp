// Runs a recipe (resources/demo/recipe.json, say) into a temporary folder and shows where the time of the whole sweep
// goes. CPU seconds hold on a shared machine; seconds only on a quiet one.
//   sweep_bench RECIPE [RUNS = 1]
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "core/pipeline/timed_run.h"

namespace {

using namespace quantoscope;
namespace fs = std::filesystem;

void print(const char* phase, const PhaseTime& time) {
    std::printf("%-14s %8.2f s %8.2f CPU s\n", phase, time.seconds, time.cpu_seconds);
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
        const auto measured = timedRun(*recipe, fs::temp_directory_path() / "quantoscope-sweep-bench");
        if (!measured) {
            std::printf("%s\n", measured.error().message.c_str());
            return 1;
        }
        for (const auto& [phase, time] : measured->phases) print(phase.c_str(), time);
        print("all", measured->all);
    }
    return 0;
}
