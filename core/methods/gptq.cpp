#include "core/methods/gptq.h"

#include <algorithm>
#include <numeric>

#include "core/base/option_rows.h"
#include "core/methods/gptq_factor.h"
#include "core/methods/gpu/gptq_on_gpu.h"
#include "core/methods/grid_options.h"
#include "kernels/gptq_solve/gptq_solve.h"

namespace quantoscope {
namespace {

struct Settings {
    kernels::GridOptions grid;
    bool descending_order;
    bool true_sequential;
    bool static_groups;
    double damp_percent;
    std::int64_t block_size;
};

Settings settingsOf(const OptionValues& options) {
    return {gridOptions(options, kernels::GridRange::with_zero),
            booleanOption(options, "desc_act"),
            booleanOption(options, "true_sequential"),
            booleanOption(options, "static_groups"),
            realOption(options, "damp_percent"),
            integerOption(options, "block_size")};
}

/// Group of each original column when groups follow the order of the sweep; empty when that is the original order.
std::vector<std::int32_t> groupIndex(const std::vector<std::int32_t>& order, std::int64_t group_size) {
    if (std::ranges::is_sorted(order)) return {};
    std::vector<std::int32_t> index(order.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        index[static_cast<std::size_t>(order[i])] =
            static_cast<std::int32_t>(static_cast<std::int64_t>(i) / group_size);
    return index;
}

void clearColumns(Matrix& weight, const std::vector<std::int32_t>& columns) {
    for (const auto column : columns)
        for (std::int64_t i = 0; i < weight.rows; ++i) weight.at(i, column) = 0.0F;
}

/// Grids known before the sweep: whole rows see the original weights, static groups those with dead inputs cleared.
Status findFixedGrids(const Matrix& weight, const Settings& settings, QuantizedTensor& tensor, const std::string& name,
                      const JobContext& job) {
    const kernels::GroupedMatrix shape{weight.rows, weight.columns, tensor.group_size, weight.columns};
    return kernelStatus(kernels::findGrids(weight.values.data(), shape, settings.grid, tensor.scales.values.data(),
                                           tensor.zero_points.values.data(), job.stopToken()),
                        "finding the grids of " + name);
}

struct Solved {
    QuantizedTensor tensor;
    double error = 0.0;
    double operations = 0.0;  ///< floating point
};

/// Where the factor is; without room there, on the CPU.
Status sweep(kernels::GptqProblem& problem, const GptqFactor& factor, const std::string& name, const JobContext& job) {
    std::vector<float> fetched;
    if (factor.on_gpu) {
        QS_ASSIGN(const bool solved, gptqSolveOnGpu(*factor.on_gpu, problem));
        if (solved) return {};
        factor.on_gpu->gpu().note("The GPU has no room to solve " + name + ": it is done on the CPU.");
        fetched.resize(static_cast<std::size_t>(problem.columns * problem.columns));
        QS_TRY(factor.on_gpu->download(fetched.data()));
    }
    problem.factor = factor.on_gpu ? fetched.data() : factor.values.get();
    return kernelStatus(kernels::gptqSolve(problem, job.stopToken()), "solving " + name);
}

Result<Solved> solve(Matrix weight, const GptqFactor& factor, const Settings& settings, std::int64_t group_size,
                     const std::string& name, const JobContext& job) {
    Solved solved{emptyTensor(weight, settings.grid, group_size), 0.0, 0.0};
    auto& tensor = solved.tensor;
    const bool whole_rows = group_size == weight.columns;
    if (whole_rows) QS_TRY(findFixedGrids(weight, settings, tensor, name, job));
    clearColumns(weight, factor.dead);
    if (settings.static_groups && !whole_rows) QS_TRY(findFixedGrids(weight, settings, tensor, name, job));
    std::vector<double> row_errors(static_cast<std::size_t>(weight.rows));
    kernels::GptqProblem problem;
    problem.rows = weight.rows;
    problem.columns = weight.columns;
    problem.group_size = group_size;
    problem.block_size = settings.block_size;
    problem.grid = settings.grid;
    problem.fixed_grids = whole_rows || settings.static_groups;
    problem.weights = weight.values.data();
    problem.order = factor.order.empty() ? nullptr : factor.order.data();
    problem.scales = tensor.scales.values.data();
    problem.zero_points = tensor.zero_points.values.data();
    problem.codes = tensor.codes.data();
    problem.row_errors = row_errors.data();
    QS_TRY(sweep(problem, factor, name, job));
    QS_TRY(checkScales(tensor, name));
    if (!problem.fixed_grids) tensor.group_index = groupIndex(factor.order, group_size);
    // Each column updates all later ones: half of rows x columns x columns products, a multiplication and an addition.
    solved.operations =
        static_cast<double>(weight.rows) * static_cast<double>(weight.columns) * static_cast<double>(weight.columns);
    solved.error = std::accumulate(row_errors.begin(), row_errors.end(), 0.0);
    return solved;
}

/// One block being quantized.
class BlockSolver {
public:
    BlockSolver(BlockContext& block, const OptionValues& options, JobContext& job)
        : block_(block), options_(options), settings_(settingsOf(options)), job_(job) {}

    Result<QuantizedBlock> run() {
        if (!settings_.true_sequential) QS_TRY(block_.gather(kInputSites, job_));
        for (const auto site : kInputSites) QS_TRY(solveSite(site));
        return std::move(result_);
    }

private:
    Status solveSite(InputSite site) {
        QS_TRY(job_.checkStop());
        std::vector<LinearRole> roles;
        for (const auto role : kLinearRoles)
            if (inputSite(role) == site && linearGrid(block_, role, settings_.grid)) roles.push_back(role);
        if (roles.empty()) return {};
        QS_ASSIGN(const auto* statistics, block_.statistics(site, job_));
        QS_ASSIGN(const auto factor, factorOf(*statistics, roles.front()));
        if (!factor.note.empty()) result_.notes.push_back(factor.note);
        for (const auto role : roles) QS_TRY(solveLinear(role, factor));
        return {};
    }

    Result<GptqFactor> factorOf(const SiteStatistics& statistics, LinearRole role) {
        const TimedPhase timed(job_.times(), "factor");
        auto factor = gptqFactor(statistics, settings_.descending_order, settings_.damp_percent,
                                 linearPath(block_.blockIndex(), role), job_);
        // A Cholesky factor and an inverse, a third of the cube each.
        const auto columns = static_cast<double>(linearColumns(block_.config(), role));
        count(2.0 / 3.0 * columns * columns * columns);
        return factor;
    }

    void count(double operations) const {
        if (job_.times() != nullptr) job_.times()->countOperations(operations);
    }

    Status solveLinear(LinearRole role, const GptqFactor& factor) {
        const TimedPhase timed(job_.times(), "solve");
        const auto index = static_cast<std::size_t>(role);
        job_.report(stageText("Solving", block_.blockIndex(), role), static_cast<double>(index) / kLinearRoles.size());
        const auto name = linearPath(block_.blockIndex(), role);
        auto settings = settings_;
        settings.grid = linearGrid(block_, role, settings_.grid).value_or(settings_.grid);
        QS_ASSIGN(auto weight, block_.weight(role));
        QS_TRY(checkWeight(weight, name));
        const auto group_size = groupColumns(options_, weight.columns);
        auto& linear = result_.linears[index];
        if (factor.exists()) {
            QS_ASSIGN(auto solved, solve(std::move(weight), factor, settings, group_size, name, job_));
            count(solved.operations);
            linear = std::move(solved.tensor);
            result_.solver_error[index] = solved.error;
        } else {
            QS_ASSIGN(linear, roundToNearest(weight, settings.grid, group_size, name, job_, block_.gpu()));
        }
        const bool seen_later = settings_.true_sequential && inputSite(role) != kInputSites.back();
        return seen_later ? block_.replace(role, linear->dequantize()) : Status{};
    }

    BlockContext& block_;
    const OptionValues& options_;
    Settings settings_;
    JobContext& job_;
    QuantizedBlock result_;
};

Result<QuantizedBlock> quantizeBlock(BlockContext& block, const OptionValues& options, JobContext& job) {
    return BlockSolver(block, options, job).run();
}

std::vector<OptionDescription> optionRows() {
    return {
        bitsOption(),
        groupSizeOption(),
        symmetricOption("Zero point fixed in the middle of the codes; needed by some serving engines."),
        scaleDtypeOption(),
        booleanOptionRow(
            "desc_act", "Order by activation", true,
            "Columns with the largest inputs are rounded first (act-order). Needs a group index at run time."),
        booleanOptionRow("static_groups", "Static groups", false,
                         "Grids of consecutive columns are fixed before the sweep, so that no group index is needed."),
        booleanOptionRow("true_sequential", "True sequential", true,
                         "Statistics inside a block are taken again after each set of linears has been quantized."),
        realOptionRow("damp_percent", "Damping", {0.01, 0.0, 1.0}, "",
                      "Part of the mean diagonal that is added to the second moments before they are inverted."),
        integerOptionRow(
            "block_size", "Block size", {128, 1, 1024}, "columns",
            "Columns swept together; errors reach later columns when a block is done. 128 in the originals."),
        searchRangeOption()};
}

}  // namespace

MethodDescription gptqMethod() {
    MethodDescription method;
    method.id = "gptq";
    method.label = "GPTQ";
    method.summary =
        "Rounds column by column and lets later columns make up for the error, using second moments of the inputs.";
    method.source = "Frantar et al., arXiv 2210.17323; IST-DASLab/gptq";
    method.options = optionRows();
    method.propagation = Propagation::quantized;
    method.hue = "#2f7fd1";
    // True-sequential order walks to each of three later inputs again, together some six tenths of a pass.
    method.search_cost = [](const OptionValues& options) {
        return SearchCost{booleanOption(options, "true_sequential") ? 0.6 : 0.0, true};
    };
    method.quantize_block = quantizeBlock;
    return method;
}

}  // namespace quantoscope
