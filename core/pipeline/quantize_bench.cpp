// Quantizes a real model and shows where the time goes: each phase with its share, its work and its bound at the matrix
// product rate measured on this machine. The best of several whole runs, analysis and writing included.
//   quantize_bench MODEL TEXT [METHOD = gptq [SAMPLES = 16 [SEQUENCE_LENGTH = 1024 [RUNS = 5]]]]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "core/formats/model_files.h"
#include "core/pipeline/machine.h"
#include "core/pipeline/timed_run.h"
#include "core/pipeline/work_estimate.h"

namespace {

using namespace quantoscope;
namespace fs = std::filesystem;

using Amounts = std::map<std::string, double>;

/// Work of the phases that are matrix products, over all blocks: a pass to gather, a pass to go on, the rest once.
Amounts matrixWork(const ModelConfig& config, double tokens, double length) {
    const auto blocks = static_cast<double>(config.block_count);
    const auto work = blockWork(config, tokens);
    return {{"forward",
             blocks * inputPassFlops(config, tokens, length) + (blocks - 1) * blockPassFlops(config, tokens, length)},
            {"gram", blocks * work.gram},
            {"factor", blocks * work.factor},
            {"solve", blocks * work.solve},
            {"analysis", blocks * work.analysis}};
}

void print(const TimedRun& best, const Amounts& work, double gflops) {
    std::printf("%-14s %9s %7s %9s %9s %9s %8s\n", "phase", "seconds", "share", "CPU s", "GFLOP", "bound s", "of it");
    double bound = 0.0;
    for (const auto& [phase, time] : best.phases) {
        std::printf("%-14s %9.2f %6.1f%% %9.2f", phase.c_str(), time.seconds, 100.0 * time.seconds / best.all.seconds,
                    time.cpu_seconds);
        const auto known = work.find(phase);
        if (known != work.end()) {
            const double least = known->second * 1e-9 / gflops;
            bound += least;
            std::printf(" %9.0f %9.2f %7.0f%%", known->second * 1e-9, least, 100.0 * least / time.seconds);
        }
        std::printf("\n");
    }
    std::printf("%-14s %9.2f %6.1f%% %9.2f %9s %9.2f %7.0f%%\n", "all", best.all.seconds, 100.0, best.all.cpu_seconds,
                "", bound, 100.0 * bound / best.all.seconds);
}

int bench(const Recipe& recipe, int runs) {
    const auto model = ModelFiles::open(recipe.model);
    if (!model) {
        std::printf("%s\n", model.error().message.c_str());
        return 1;
    }
    const auto config = (*model)->config();
    if (!config) {
        std::printf("%s\n", config.error().message.c_str());
        return 1;
    }
    const auto machine = measureMachine(5);
    std::printf("%s, %d threads: float32 %.1f GFLOP/s, bfloat16 %.1f GFLOP/s, read %.1f GB/s\n",
                machine.instruction_set.c_str(), machine.threads, machine.float32_gflops, machine.bfloat16_gflops,
                machine.read_gigabytes_per_s);
    std::optional<TimedRun> best;
    for (int i = 0; i < runs; ++i) {
        const auto measured = timedRun(recipe, fs::temp_directory_path() / "quantoscope-quantize-bench");
        if (!measured) {
            std::printf("%s\n", measured.error().message.c_str());
            return 1;
        }
        std::printf("run %d: %.2f s, %.2f CPU s\n", i + 1, measured->all.seconds, measured->all.cpu_seconds);
        if (!best || measured->all.seconds < best->all.seconds) best = *measured;
    }
    const auto& calibration = recipe.calibration;
    const auto work = matrixWork(*config, static_cast<double>(calibration.samples * calibration.sequence_length),
                                 static_cast<double>(calibration.sequence_length));
    print(*best, work, std::max(machine.float32_gflops, machine.bfloat16_gflops));
    std::printf("peak anonymous memory %.0f MiB\n",
                static_cast<double>(best->summary.configurations[0].peak_bytes) / 1048576.0);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::printf("usage: quantize_bench MODEL TEXT [METHOD [SAMPLES [SEQUENCE_LENGTH [RUNS]]]]\n");
        return 2;
    }
    const std::string method = argc > 3 ? argv[3] : "gptq";
    Recipe recipe;
    recipe.model = argv[1];
    recipe.calibration = {argv[2], argc > 4 ? std::atol(argv[4]) : 16, argc > 5 ? std::atol(argv[5]) : 1024, 0,
                          Sampling::sequential};
    recipe.methods = {{method, {}}};
    recipe.group_sizes = {64};
    const auto described = findMethod(method);
    if (!described) {
        std::printf("%s\n", described.error().message.c_str());
        return 2;
    }
    for (const auto& option : (*described)->options)  // the original's plain order, where a method has one
        if (option.id == "desc_act" || option.id == "true_sequential") recipe.methods[0].options[option.id] = false;
    return bench(recipe, argc > 6 ? std::atoi(argv[6]) : 5);
}
