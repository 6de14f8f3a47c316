#include "core/pipeline/runner.h"

#include <algorithm>

#include "core/formats/exporter.h"
#include "core/pipeline/checkpoint_phase.h"
#include "core/pipeline/evaluate.h"
#include "core/pipeline/export_run.h"
#include "core/pipeline/plan.h"
#include "core/pipeline/quantize_phase.h"
#include "core/pipeline/run_inputs.h"
#include "core/pipeline/run_weights.h"

namespace quantoscope {
namespace {

constexpr const char* kOriginal = "original";  // the unquantized model among the configurations

Status checkDiskSpace(const Plan& plan, const std::filesystem::path& folder) {
    auto existing = std::filesystem::absolute(folder);
    while (!existing.empty() && !std::filesystem::exists(existing) && existing != existing.root_path())
        existing = existing.parent_path();
    std::error_code error;
    const auto space = std::filesystem::space(existing, error);
    if (error || static_cast<std::int64_t>(space.available) >= plan.disk_bytes) return {};
    return failure("the disk of the run folder has " + std::to_string(space.available >> 20) +
                       " MiB free, but the run needs about " + std::to_string(plan.disk_bytes >> 20) +
                       " MiB; free some space or choose another folder",
                   folder.string());
}

/// The steps of one run over an open folder.
class Runner {
public:
    Runner(RunInputs inputs, ComputeDevice device, std::shared_ptr<RunFolder> run, const EventSink& events)
        : inputs_(std::move(inputs)),
          device_(std::move(device)),
          run_(std::move(run)),
          events_(events),
          progress_(makeProgress()) {
        device_.sendNotesTo([this](const std::string& text) {
            progress_.send({.kind = EventKind::note, .configuration = {}, .text = text});
        });
    }

    Result<RunSummary> run(JobContext& job);

private:
    ProgressMeter makeProgress();
    Status checkFolder();
    Status quantize(JobContext& job);
    Status evaluateAll(JobContext& job);
    Status evaluateOne(const std::string& id, const EvaluationRecipe& evaluation, const EvaluationInputs& inputs,
                       JobContext& job);
    Result<bool> hasScore(const std::string& id, const EvaluationRecipe& evaluation,
                          const EvaluationInputs& inputs) const;
    Status exportAll(JobContext& job);
    Result<RunSummary> summary() const;
    std::vector<std::string> scoredIds() const;
    /// Those that were quantized here: another checkpoint is one already.
    std::vector<Configuration> exportable() const;
    Result<std::shared_ptr<const WeightSource>> weightsOf(const std::string& id) const;

    RunInputs inputs_;
    ComputeDevice device_;
    std::shared_ptr<RunFolder> run_;
    EventSink events_;
    ProgressMeter progress_;
    std::size_t phase_ = 0;
};

/// For who is watching: what the GPU's memory is taken for.
Event deviceEvent(const Gpu& gpu) {
    Event event;
    event.kind = EventKind::device;
    event.text = gpu.name();
    event.device_budget_bytes = static_cast<std::int64_t>(gpu.budget());
    for (const auto purpose : kGpuMemories)
        event.device_memory.push_back({gpuMemoryName(purpose), static_cast<std::int64_t>(gpu.held(purpose)),
                                       static_cast<std::int64_t>(gpu.peak(purpose))});
    return event;
}

ProgressMeter Runner::makeProgress() {
    // The plan's phases: quantize, then one per evaluation and configuration, then one per export and configuration.
    std::vector<double> seconds;
    if (const auto plan = planRecipe(inputs_.recipe, *inputs_.model))
        for (const auto& phase : plan->phases) seconds.push_back(phase.seconds);
    const auto ids = scoredIds().size();
    seconds.resize(1 + inputs_.recipe.evaluations.size() * ids + inputs_.recipe.exports.size() * exportable().size(),
                   1.0);
    return ProgressMeter(std::move(seconds), [this, run = run_, sink = events_](const Event& event) {
        // Progress is for who is watching; what happened is kept. An event that cannot be written must not stop the
        // run.
        if (event.kind != EventKind::progress) (void)run->appendEvent(eventJson(event));
        if (sink) sink(event);
        if (sink && event.kind != EventKind::progress && device_.startedGpu() != nullptr)
            sink(deviceEvent(*device_.startedGpu()));
    });
}

std::vector<std::string> Runner::scoredIds() const {
    std::vector<std::string> ids;
    if (inputs_.recipe.evaluate_original) ids.emplace_back(kOriginal);
    for (const auto& configuration : inputs_.configurations) ids.push_back(configuration.id);
    return ids;
}

std::vector<Configuration> Runner::exportable() const {
    auto quantized = inputs_.configurations;
    std::erase_if(quantized, [](const Configuration& configuration) { return configuration.isCheckpoint(); });
    return quantized;
}

Result<std::shared_ptr<const WeightSource>> Runner::weightsOf(const std::string& id) const {
    if (id == kOriginal) return inputs_.weights;
    const auto found = std::ranges::find(inputs_.configurations, id, &Configuration::id);
    if (found != inputs_.configurations.end() && found->isCheckpoint())
        return checkpointWeights(found->checkpoint, inputs_.weights->config());
    return std::make_shared<RunWeights>(inputs_.weights, run_, id);
}

Status Runner::checkFolder() {
    if (const auto text = run_->manifestText()) {
        QS_ASSIGN(const auto earlier, parseManifest(*text));
        QS_TRY(compareManifests(earlier, inputs_.manifest));
        for (const auto* name : {"version", "instruction set", "threads"}) {
            const auto before = earlier.recorded.find(name);
            const auto& now = inputs_.manifest.recorded.at(name);
            if (before != earlier.recorded.end() && before->second != now)
                progress_.send({.kind = EventKind::note,
                                .configuration = {},
                                .text = std::string("the run began with ") + name + " " + before->second +
                                        ", now it is " + now + ": results may differ in the last bits"});
        }
    } else {
        QS_TRY(run_->writeManifest(manifestJson(inputs_.manifest)));
    }
    const auto recipe_text = recipeJson(inputs_.recipe);
    const auto known = run_->recipeText();
    return known && *known == recipe_text ? Status{} : run_->writeRecipe(recipe_text);
}

Status Runner::quantize(JobContext& job) {
    const auto all = static_cast<double>(std::max<std::size_t>(inputs_.configurations.size(), 1));
    const double share = static_cast<double>(exportable().size()) / all;
    auto whole = progress_.phaseJob(phase_, job);
    auto part = whole.part(0.0, share);
    const auto from = provenanceText(inputs_.manifest);
    QuantizePhase phase(
        {inputs_.weights, inputs_.recipe.precision, inputs_.windows, from, inputs_.configurations, -1, &device_}, run_,
        progress_);
    QS_TRY(phase.run(part));
    auto rest = whole.part(share, 1.0);
    CheckpointPhase comparison({inputs_.weights, inputs_.recipe.precision, std::move(inputs_.windows),
                                from + inputs_.manifest.binding.at("model"), inputs_.configurations, &device_},
                               run_, progress_);
    QS_TRY(comparison.run(rest));
    progress_.finishPhase(phase_++);
    return {};
}

Result<bool> Runner::hasScore(const std::string& id, const EvaluationRecipe& evaluation,
                              const EvaluationInputs& inputs) const {
    const auto known = run_->scores(id);
    if (!known) return false;
    return std::ranges::any_of(*known, [&](const Score& score) {
        return score.benchmark == evaluation.benchmark && score.protocol == inputs.protocol;
    });
}

Status Runner::evaluateOne(const std::string& id, const EvaluationRecipe& evaluation, const EvaluationInputs& inputs,
                           JobContext& job) {
    QS_ASSIGN(const bool known, hasScore(id, evaluation, inputs));
    if (known) {
        progress_.skipPhase(phase_++);
        return {};
    }
    const TimedPhase timed(job.times(), "evaluation");
    auto part = progress_.phaseJob(phase_, job, id);
    QS_ASSIGN(const auto weights, weightsOf(id));
    QS_ASSIGN(const auto scores, evaluate(*weights, evaluation, inputs, part, &device_));
    QS_TRY(writeQuestions(run_->path(), scores.front(), questionTexts(inputs)));
    QS_TRY(run_->writeScores(id, scores));
    progress_.finishPhase(phase_++);
    progress_.send({.kind = EventKind::score,
                    .configuration = id,
                    .value = scores.front().value,
                    .text = scores.front().benchmark});
    return {};
}

Status Runner::evaluateAll(JobContext& job) {
    if (inputs_.recipe.evaluate_original) {
        ConfigurationInfo info;
        info.id = kOriginal;
        info.state = "done";
        info.bits_per_weight = 16.0;
        QS_TRY(run_->writeConfiguration(info));
    }
    for (const auto& evaluation : inputs_.recipe.evaluations) {
        QS_ASSIGN(const auto inputs,
                  evaluationInputs(evaluation, inputs_.model->path(), inputs_.weights->config(), job));
        for (const auto& id : scoredIds()) QS_TRY(evaluateOne(id, evaluation, inputs, job));
    }
    return {};
}

Status Runner::exportAll(JobContext& job) {
    for (const auto& wanted : inputs_.recipe.exports)
        for (const auto& configuration : exportable()) {
            QS_ASSIGN(const auto* format, findExportFormat(wanted.format));
            auto folder = wanted.output.empty() ? run_->path() / "exports" / (configuration.id + "-" + wanted.format)
                                                : std::filesystem::path(wanted.output);
            if (!wanted.output.empty() && exportable().size() > 1) folder /= configuration.id;
            if (std::filesystem::exists(folder / "config.json")) {
                progress_.skipPhase(phase_++);
                continue;
            }
            Target target{inputs_.model, inputs_.weights, inputs_.model->path(), run_, inputs_.recipe, {}};
            QS_ASSIGN(target.configuration, run_->configuration(configuration.id));
            auto part = progress_.phaseJob(phase_, job, configuration.id);
            QS_ASSIGN(const auto report, exportTarget(target, *format, folder, wanted.options, part));
            progress_.finishPhase(phase_++);
            progress_.send({.kind = EventKind::export_finished,
                            .configuration = configuration.id,
                            .text = report.folder.string()});
        }
    return {};
}

Result<RunSummary> Runner::summary() const {
    RunSummary summary{"done", {}};
    if (inputs_.recipe.evaluate_original) {
        QS_ASSIGN(auto original, run_->configuration(kOriginal));
        summary.configurations.push_back(std::move(original));
    }
    for (const auto& configuration : inputs_.configurations) {
        QS_ASSIGN(auto info, run_->configuration(configuration.id));
        summary.configurations.push_back(std::move(info));
    }
    return summary;
}

Result<RunSummary> Runner::run(JobContext& job) {
    QS_TRY(checkFolder());
    progress_.send({.kind = EventKind::started, .configuration = {}, .text = inputs_.recipe.model});
    const auto steps = [&]() -> Status {
        QS_TRY(quantize(job));
        QS_TRY(evaluateAll(job));
        QS_TRY(exportAll(job));
        if (!inputs_.recipe.keep_codes)
            for (const auto& configuration : exportable()) QS_TRY(run_->dropCodes(configuration.id));
        return {};
    };
    const auto status = steps();
    if (const auto memory = device_.memoryText(); !memory.empty())
        device_.note("GPU memory held at most: " + memory + ".");
    const auto outcome = status ? "done" : status.error().kind == ErrorKind::cancelled ? "cancelled" : "failed";
    progress_.send({.kind = EventKind::finished, .configuration = {}, .text = outcome});
    if (!status) return std::unexpected(status.error());
    return summary();
}

/// What was asked for, or what the run began on; noted in the manifest.
Result<ComputeDevice> deviceOfRun(const DeviceChoice& choice, const RunFolder& run, RunInputs& inputs) {
    if (const auto text = run.manifestText(); text && choice.device == kAutoDevice) {
        QS_ASSIGN(const auto earlier, parseManifest(*text));
        inputs.manifest.binding[kDeviceKey] = deviceOf(earlier);
        return ComputeDevice::named(deviceOf(earlier), choice.memory_mebibytes);
    }
    QS_ASSIGN(auto device, ComputeDevice::choose(choice, inputs.recipe.precision == Precision::bfloat16));
    inputs.manifest.binding[kDeviceKey] = device.id();
    return device;
}

}  // namespace

Result<RunSummary> runRecipe(const Recipe& recipe, const std::filesystem::path& run_folder, const EventSink& events,
                             JobContext& job, const DeviceChoice& choice) {
    const TimedPhase timed(job.times(), "opening");
    QS_ASSIGN(auto inputs, openRunInputs(recipe, job));
    QS_ASSIGN(const auto plan, planRecipe(inputs.recipe, *inputs.model));
    QS_TRY(checkDiskSpace(plan, run_folder));
    QS_ASSIGN(auto run, RunFolder::openForWriting(run_folder));
    QS_ASSIGN(auto device, deviceOfRun(choice, *run, inputs));
    Runner runner(std::move(inputs), std::move(device), std::move(run), events);
    return runner.run(job);
}

}  // namespace quantoscope
