#include "core/pipeline/measure_sensitivity.h"

#include <algorithm>
#include <new>
#include <vector>

#include "core/model/language_model.h"
#include "core/model/scoring/divergence.h"
#include "core/pipeline/run_inputs.h"
#include "core/pipeline/target.h"

namespace quantoscope {
namespace {

constexpr std::int64_t kMostBytes = std::int64_t{1} << 30;  // activations of changed models

using Place = std::pair<std::int64_t, LinearRole>;

/// The original's activations and those of models with one linear changed, at the same block boundary.
class Measurement {
public:
    Measurement(std::shared_ptr<const WeightSource> weights, Precision precision, Target target, Activations embedded)
        : weights_(std::move(weights)),
          precision_(precision),
          target_(std::move(target)),
          original_(std::move(embedded)),
          blocks_(weights_->config().block_count) {}

    Status run(LinearDivergences& measured, JobContext& job) {
        const auto linear_bytes = static_cast<std::int64_t>(original_.values.size() * sizeof(float));
        const auto together = std::clamp<std::int64_t>(
            kMostBytes / (linear_bytes * static_cast<std::int64_t>(kLinearRoles.size())), 1, blocks_);
        for (std::int64_t first = 0; first < blocks_; first += together) {
            const auto end = std::min(first + together, blocks_);
            auto part = job.part(static_cast<double>(first) / static_cast<double>(blocks_),
                                 static_cast<double>(end) / static_cast<double>(blocks_));
            QS_TRY(runBatch(first, end, measured, part));
        }
        return {};
    }

private:
    /// Changes linears of the blocks [first, end), which the original has reached, and sends all to the last block.
    Status runBatch(std::int64_t first, std::int64_t end, LinearDivergences& measured, JobContext& job) {
        Activations original = original_;
        Activations changed(0, original.sequence_length, original.hidden_size);
        std::vector<Place> places;
        for (std::int64_t block = first; block < blocks_; ++block) {
            QS_TRY(job.checkStop());
            job.report("Block " + std::to_string(block + 1) + " of " + std::to_string(blocks_),
                       0.9 * static_cast<double>(block - first) / static_cast<double>(blocks_ - first));
            QS_ASSIGN(auto current, DecoderBlock::load(*weights_, block, precision_));
            if (changed.sequence_count > 0) QS_TRY(current.forward(changed, &changed, {}, job));
            if (block < end) QS_TRY(changeLinears(current, block, original, changed, places, job));
            QS_TRY(current.forward(original, &original, {}, job));
            if (block + 1 == end) original_ = original;
        }
        auto rest = job.part(0.9, 1.0);
        QS_ASSIGN(const auto divergence, meanDivergence(*weights_, original.values, changed.values, precision_, rest));
        for (std::size_t i = 0; i < places.size(); ++i) measured.divergence[places[i]] = divergence[i];
        return {};
    }

    Status changeLinears(DecoderBlock& current, std::int64_t block, const Activations& original, Activations& changed,
                         std::vector<Place>& places, JobContext& job) {
        QS_ASSIGN(const auto codes, target_.run->codes(target_.configuration.id, block));
        for (const auto role : kLinearRoles) {
            const auto& linear = codes.linears[static_cast<std::size_t>(role)];
            if (!linear) continue;
            QS_TRY(current.setLinear(role, linear->dequantizeUnfolded()));
            Activations output = original;
            QS_TRY(current.forward(original, &output, {}, job));
            changed.values.insert(changed.values.end(), output.values.begin(), output.values.end());
            changed.sequence_count += output.sequence_count;
            places.emplace_back(block, role);
            QS_ASSIGN(const auto unchanged, weights_->readMatrix(linearPath(block, role) + ".weight"));
            QS_TRY(current.setLinear(role, unchanged));
        }
        return {};
    }

    std::shared_ptr<const WeightSource> weights_;
    Precision precision_;
    Target target_;
    Activations original_;  // at the first block of the next batch
    std::int64_t blocks_;
};

}  // namespace

Result<LinearDivergences> measureSensitivity(const std::filesystem::path& run_folder, const std::string& configuration,
                                             const SensitivityMeasurement& wanted, JobContext& job) try {
    QS_ASSIGN(auto target, openTarget(run_folder, WeightDType::bfloat16, configuration));
    if (!target.run) return failure("'" + run_folder.string() + "' is not a run folder", run_folder.string());
    if (!target.configuration.checkpoint.empty())
        return failure(
            target.configuration.id + " was not quantized here: sensitivity is measured on a configuration of a method",
            target.configuration.checkpoint);
    QS_ASSIGN(auto inputs, openRunInputs(target.recipe, job));
    if (inputs.windows.empty())
        return failure("the run has no calibration text, on which sensitivity is measured; choose one for the sweep");
    LinearDivergences measured;
    measured.samples = std::min(wanted.samples, static_cast<std::int64_t>(inputs.windows.size()));
    inputs.windows.resize(static_cast<std::size_t>(measured.samples));
    measured.sequence_length =
        std::min(wanted.sequence_length, static_cast<std::int64_t>(inputs.windows.front().size()));
    for (auto& window : inputs.windows) window.resize(static_cast<std::size_t>(measured.sequence_length));
    QS_ASSIGN(auto embedded, embedTokens(*inputs.weights, inputs.windows));
    const auto precision = inputs.recipe.precision;
    Measurement measurement(inputs.weights, precision, std::move(target), std::move(embedded));
    QS_TRY(measurement.run(measured, job));
    return measured;
} catch (const std::bad_alloc&) {
    return failure("not enough memory to measure sensitivity; use fewer or shorter samples");
}

}  // namespace quantoscope
