#include "core/pipeline/plan.h"

#include <algorithm>
#include <filesystem>

#include "core/evaluation/benchmark.h"
#include "core/formats/exporter.h"
#include "core/methods/method.h"
#include "core/pipeline/checkpoint_phase.h"
#include "core/pipeline/memory_meter.h"
#include "core/pipeline/token_count.h"
#include "core/pipeline/work_estimate.h"
#include "kernels/roofline/roofline.h"

namespace quantoscope {
namespace {

// What whole phases reach of the machine's better rate, and what they cost besides; measured with quantize_bench and
// sweep_bench (docs/performance.md) on two cores.
constexpr double kForwardShare = 0.8;
constexpr double kGramShare = 0.7;
constexpr double kFactorShare = 0.17;
constexpr double kSolveShare = 0.38;
constexpr double kAnalysisShare = 0.16;
constexpr double kWriteSecondsPerWeight = 1.5e-8;
constexpr double kRoundSecondsPerWeight = 1e-8;
constexpr double kReadSecondsPerWeight = 4e-9;
constexpr double kSecondsPerBlock = 0.02;  // files of a block: written, synced, renamed
constexpr double kExportBytesPerSecond = 4e8;
constexpr double kTileBytesPerWeight = 2.0 * 3.0 * 2.0 * 4.0 / 3.0 / 256.0;  // two pyramids of three maps in float16

/// Measured once a process: about a third of a second.
double machineFlopsPerSecond() {
    // The forward pass runs at the better of the two rates: where bfloat16 products are slow it widens them.
    static const auto roofline = kernels::measureRoofline(1);
    return std::max(roofline.float32_gflops, roofline.bfloat16_gflops) * 1e9;
}

struct ModelSize {
    double blocks = 0.0;
    double block_weights = 0.0;   // linears of one block
    double linear_weights = 0.0;  // of all blocks
    double largest_site = 0.0;    // columns of the widest linear input
    double head_weights = 0.0;
    double hidden = 0.0;
};

ModelSize sizeOf(const ModelConfig& config) {
    ModelSize size;
    size.blocks = static_cast<double>(config.block_count);
    for (const auto role : kLinearRoles)
        size.block_weights +=
            static_cast<double>(linearRows(config, role)) * static_cast<double>(linearColumns(config, role));
    for (const auto site : kInputSites)
        size.largest_site = std::max(size.largest_site, static_cast<double>(siteColumns(config, site)));
    size.hidden = static_cast<double>(config.hidden_size);
    size.linear_weights = size.block_weights * size.blocks;
    size.head_weights = static_cast<double>(config.vocab_size) * size.hidden;
    return size;
}

/// Seconds of the quantization of all configurations. Those that calibrate on the original model share its passes.
class QuantizeEstimate {
public:
    QuantizeEstimate(const ModelConfig& config, const CalibrationRecipe& calibration, double flops_per_second)
        : size_(sizeOf(config)), flops_per_second_(flops_per_second) {
        if (calibration.data.empty()) return;
        const auto length = static_cast<double>(calibration.sequence_length);
        const double tokens = static_cast<double>(calibration.samples) * length;
        work_ = blockWork(config, tokens);
        pass_seconds_ = seconds(blockPassFlops(config, tokens, length), kForwardShare);
        stream_seconds_ = pass_seconds_ + seconds(inputPassFlops(config, tokens, length), kForwardShare) +
                          seconds(work_.gram, kGramShare);
    }
    void add(const MethodDescription& method, const OptionValues& options) {
        const bool own = method.propagation == Propagation::quantized;
        shared_ = shared_ || !own;
        const auto search = method.search_cost ? method.search_cost(options) : SearchCost{};
        total_ += (own ? stream_seconds_ : 0.0) + search.passes * pass_seconds_ +
                  (search.solves ? seconds(work_.factor, kFactorShare) + seconds(work_.solve, kSolveShare) : 0.0) +
                  seconds(work_.analysis, kAnalysisShare);
    }
    /// Another checkpoint: both are read and compared on the shared stream.
    void addCheckpoint() {
        shared_ = true;
        total_ += seconds(work_.analysis, kAnalysisShare) + size_.linear_weights * kReadSecondsPerWeight;
    }
    double total(std::size_t configurations) const {
        const double each =
            size_.linear_weights * (kWriteSecondsPerWeight + kRoundSecondsPerWeight) + size_.blocks * kSecondsPerBlock;
        return total_ + (shared_ ? stream_seconds_ : 0.0) + static_cast<double>(configurations) * each;
    }

private:
    double seconds(double block_flops, double share) const {
        return size_.blocks * block_flops / (flops_per_second_ * share);
    }

    ModelSize size_;
    double flops_per_second_;
    BlockWork work_;
    double pass_seconds_ = 0.0;    // one pass through all blocks
    double stream_seconds_ = 0.0;  // inputs seen, second moments, and on to the next block
    double total_ = 0.0;
    bool shared_ = false;
};

Status checkFile(const std::string& path, const std::string& what) {
    std::error_code error;
    if (path.empty()) return failure(what + " has no file yet; choose one");
    if (!std::filesystem::is_regular_file(path, error))
        return failure(what + " '" + path + "' does not exist or is not a file", path);
    return {};
}

Status checkFiles(const Recipe& recipe, const std::vector<Configuration>& all, const ModelConfig& model) {
    if (!recipe.calibration.data.empty()) QS_TRY(checkFile(recipe.calibration.data, "the calibration text"));
    for (const auto& configuration : all) {
        if (configuration.isCheckpoint()) {
            QS_TRY(checkpointWeights(configuration.checkpoint, model));
            continue;
        }
        QS_ASSIGN(const auto* method, findMethod(configuration.method));
        if (method->propagation != Propagation::none && recipe.calibration.data.empty())
            return failure(method->label + " needs calibration data; choose a text for the Calibrate stage");
    }
    for (const auto& evaluation : recipe.evaluations) {
        QS_ASSIGN(const auto* benchmark, findBenchmark(evaluation.benchmark));
        QS_TRY(benchmarkFile(*benchmark, evaluation.data));
    }
    return {};
}

/// Of a weight's code, over all linears; one left as it is has no code.
double meanBits(const ModelConfig& config, const Configuration& configuration) {
    const auto own = integerOption(configuration.options, "bits");
    double bits = 0.0;
    double weights = 0.0;
    for (std::int64_t block = 0; block < config.block_count; ++block)
        for (const auto role : kLinearRoles) {
            const auto count = static_cast<double>(linearRows(config, role) * linearColumns(config, role));
            bits += count * static_cast<double>(ruledBits(configuration.layer_bits, block, role).value_or(own));
            weights += count;
        }
    return weights > 0.0 ? bits / weights : 0.0;
}

double forwardSeconds(const ModelSize& size, double tokens, double flops_per_second) {
    return 2.0 * size.linear_weights * tokens / (flops_per_second * kForwardShare);
}

/// The residual stream of all tokens (questions go in passes of a gibibyte), one block and the parts of the head.
std::int64_t evaluationBytes(const ModelSize& size, double tokens) {
    return static_cast<std::int64_t>(tokens * size.hidden * 4.0 + 2.0 * 2.0 * size.block_weights + 3e8);
}

void addEvaluations(const Recipe& recipe, const ModelSize& size, double flops_per_second, Plan& plan) {
    for (const auto& evaluation : recipe.evaluations) {
        const auto tokens = tokensOf(evaluation);
        plan.memory_bytes = std::max(plan.memory_bytes, evaluationBytes(size, tokens.read));
        const double seconds = forwardSeconds(size, tokens.read, flops_per_second) +
                               2.0 * size.head_weights * tokens.scored / (flops_per_second * kForwardShare);
        if (recipe.evaluate_original)
            plan.phases.push_back({"Evaluate the original on " + evaluation.benchmark, seconds});
        for (const auto& configuration : plan.configurations)
            plan.phases.push_back({"Evaluate " + configuration.id + " on " + evaluation.benchmark, seconds});
    }
}

std::string phaseLabel(std::size_t quantized, std::size_t checkpoints) {
    std::string label;
    if (quantized > 0 || checkpoints == 0) label = "Quantize " + std::to_string(quantized) + " configurations";
    if (checkpoints > 0)
        label += (label.empty() ? "Compare " : ", compare ") + std::to_string(checkpoints) + " checkpoints";
    return label;
}

/// Codes, tiles and exports of one configuration.
double diskBytes(const Recipe& recipe, const ModelConfig& config, const ModelSize& size,
                 const Configuration& configuration) {
    double disk = size.linear_weights * kTileBytesPerWeight;
    if (configuration.isCheckpoint()) return disk;
    const double bits = meanBits(config, configuration);
    const auto group = integerOption(configuration.options, "group_size");
    if (recipe.keep_codes)
        disk += size.linear_weights * (bits + 40.0 / static_cast<double>(group > 0 ? group : 4096)) / 8.0;
    return disk + static_cast<double>(recipe.exports.size()) *
                      (size.linear_weights * (bits + 0.5) / 8.0 + 4.0 * size.head_weights);
}

/// Adds the phase of quantizing and comparing. How many streams of activations are kept at once comes back.
Result<std::int64_t> addQuantizing(const Recipe& recipe, const ModelConfig& config, double flops_per_second,
                                   Plan& plan) {
    QuantizeEstimate quantize(config, recipe.calibration, flops_per_second);
    std::int64_t streams = 1;
    std::size_t checkpoints = 0;
    for (const auto& configuration : plan.configurations) {
        if (configuration.isCheckpoint()) {
            quantize.addCheckpoint();
            ++checkpoints;
            continue;
        }
        QS_ASSIGN(const auto* method, findMethod(configuration.method));
        quantize.add(*method, configuration.options);
        streams += method->propagation == Propagation::quantized ? 1 : 0;
    }
    plan.phases.push_back({phaseLabel(plan.configurations.size() - checkpoints, checkpoints),
                           quantize.total(plan.configurations.size())});
    return streams;
}

void addExports(const Recipe& recipe, const ModelSize& size, Plan& plan) {
    for (const auto& wanted : recipe.exports)
        for (const auto& configuration : plan.configurations)
            if (!configuration.isCheckpoint())
                plan.phases.push_back({"Export " + configuration.id + " as " + wanted.format,
                                       2.0 + size.linear_weights * 4.0 / kExportBytesPerSecond});
}

void addMemory(const Recipe& recipe, const ModelConfig& config, const ModelSize& size, std::int64_t streams,
               Plan& plan) {
    const double tokens = recipe.calibration.data.empty()
                              ? 0.0
                              : static_cast<double>(recipe.calibration.samples * recipe.calibration.sequence_length);
    const double activations = tokens * static_cast<double>(config.hidden_size) * 4.0 * static_cast<double>(streams);
    plan.memory_bytes =
        std::max(plan.memory_bytes, static_cast<std::int64_t>(activations + 2.0 * 2.0 * size.block_weights +
                                                              2.0 * 4.0 * size.largest_site * size.largest_site + 3e8));
    const auto available = availableBytes();
    if (available > 0 && plan.memory_bytes > available)
        plan.warnings.push_back("the run needs about " + std::to_string(plan.memory_bytes >> 20) + " MiB of memory, " +
                                std::to_string(available >> 20) +
                                " MiB are free; fewer calibration samples or configurations need less");
}

}  // namespace

Result<Plan> planRecipe(const Recipe& recipe, const ModelFiles& model) {
    Plan plan;
    QS_ASSIGN(const auto config, model.config());
    QS_ASSIGN(plan.configurations, configurations(recipe));
    QS_TRY(checkLayerBits(recipe.layer_bits, config));
    QS_TRY(checkFiles(recipe, plan.configurations, config));
    const auto size = sizeOf(config);
    const double flops_per_second = machineFlopsPerSecond();
    QS_ASSIGN(const auto streams, addQuantizing(recipe, config, flops_per_second, plan));
    addEvaluations(recipe, size, flops_per_second, plan);
    addExports(recipe, size, plan);
    for (const auto& phase : plan.phases) plan.seconds += phase.seconds;
    addMemory(recipe, config, size, streams, plan);
    double disk = 0.0;
    for (const auto& configuration : plan.configurations) disk += diskBytes(recipe, config, size, configuration);
    plan.disk_bytes = static_cast<std::int64_t>(disk);
    return plan;
}

Result<Plan> planRecipe(const Recipe& recipe) {
    QS_ASSIGN(const auto model, ModelFiles::open(recipe.model));
    return planRecipe(recipe, *model);
}

}  // namespace quantoscope
