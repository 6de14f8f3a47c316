#include "core/pipeline/checkpoint_phase.h"

#include <algorithm>
#include <chrono>

#include "core/analysis/analyse_linear.h"
#include "core/base/sha256.h"
#include "core/base/work_clock.h"
#include "core/formats/linear_bytes.h"
#include "core/formats/model_files.h"
#include "core/model/language_model.h"

namespace quantoscope {
namespace {

using Clock = WorkClock;

Status checkSameLinears(const ModelConfig& model, const ModelConfig& other, const std::string& path) {
    const auto differs = [&](const char* what, std::int64_t a, std::int64_t b) {
        return failure("the checkpoint has " + std::to_string(b) + " " + what + ", the model has " + std::to_string(a) +
                           ": only checkpoints of the same architecture can be compared",
                       path);
    };
    if (model.block_count != other.block_count) return differs("blocks", model.block_count, other.block_count);
    for (const auto role : kLinearRoles) {
        const std::string name(linearName(role));
        if (linearRows(model, role) != linearRows(other, role))
            return differs(("rows in " + name).c_str(), linearRows(model, role), linearRows(other, role));
        if (linearColumns(model, role) != linearColumns(other, role))
            return differs(("columns in " + name).c_str(), linearColumns(model, role), linearColumns(other, role));
    }
    return {};
}

}  // namespace

Result<std::shared_ptr<const WeightSource>> checkpointWeights(const std::string& checkpoint, const ModelConfig& model) {
    QS_ASSIGN(const auto files, ModelFiles::open(checkpoint));
    QS_ASSIGN(auto weights, files->weights(WeightDType::source));
    QS_TRY(checkSameLinears(model, weights->config(), checkpoint));
    return weights;
}

Result<Matrix> checkpointLinear(const WeightSource& model, const std::string& checkpoint,
                                const std::string& fingerprint, std::int64_t block, LinearRole role,
                                const JobContext& job) {
    QS_ASSIGN(const auto files, ModelFiles::open(checkpoint));
    if (!fingerprint.empty() && files->fingerprint() != fingerprint)
        return failure("the checkpoint has changed since it was compared: compare it again", checkpoint);
    QS_ASSIGN(const auto weights, checkpointWeights(checkpoint, model.config()));
    QS_ASSIGN(const auto folded, findFoldedScales(model, *weights, block, job));
    QS_ASSIGN(auto weight, weights->readMatrix(linearPath(block, role) + ".weight"));
    folded.linears[static_cast<std::size_t>(role)].apply(weight);
    return weight;
}

bool CheckpointPhase::pending() const {
    return std::ranges::any_of(
        works_, [](const Work& work) { return std::ranges::find(work.finished, false) != work.finished.end(); });
}

Status CheckpointPhase::run(JobContext& job) {
    const TimedPhase timed(job.times(), "comparison");
    QS_TRY(prepare());
    const auto blocks = inputs_.weights->config().block_count;
    if (pending() && !inputs_.windows.empty()) {
        QS_ASSIGN(auto embedded, embedTokens(*inputs_.weights, inputs_.windows));
        QS_ASSIGN(auto on_gpu, hostBlocks(inputs_.device, *inputs_.weights));
        stream_ =
            std::make_unique<BlockStream>(inputs_.weights, inputs_.precision, std::move(embedded), std::move(on_gpu));
    }
    Status status;
    for (std::int64_t block = 0; status && pending() && block < blocks; ++block) {
        auto part = job.part(static_cast<double>(block) / static_cast<double>(blocks),
                             static_cast<double>(block + 1) / static_cast<double>(blocks));
        status = runBlock(block, part);
    }
    if (!status) {
        leave(status.error());
        return status;
    }
    for (auto& work : works_) QS_TRY(finish(work));
    return {};
}

Status CheckpointPhase::prepare() {
    for (const auto& configuration : inputs_.configurations)
        if (configuration.isCheckpoint()) QS_TRY(openWork(configuration));
    return {};
}

Status CheckpointPhase::openWork(const Configuration& configuration) {
    Work work;
    work.configuration = configuration;
    QS_ASSIGN(const auto files, ModelFiles::open(configuration.checkpoint));
    QS_ASSIGN(work.weights, checkpointWeights(configuration.checkpoint, inputs_.weights->config()));
    work.bytes = linearBytes(*files);
    work.fingerprint = files->fingerprint();
    if (auto known = run_->configuration(configuration.id)) work.info = std::move(*known);
    work.info.id = configuration.id;
    work.info.method = configuration.method;
    work.info.checkpoint = configuration.checkpoint;
    work.info.checkpoint_fingerprint = work.fingerprint;
    work.info.block_count = inputs_.weights->config().block_count;
    work.finished.assign(static_cast<std::size_t>(work.info.block_count), false);
    for (const auto block : run_->finishedBlocks(configuration.id)) {
        if (block >= work.info.block_count) continue;
        QS_ASSIGN(const auto found, run_->blockProvenance(configuration.id, block));
        if (found != provenance(work, block))
            return failure(
                "block " + std::to_string(block) + " of " + configuration.id +
                    " was compared with another checkpoint or other calibration data; choose a new run folder",
                run_->path().string());
        work.finished[static_cast<std::size_t>(block)] = true;
    }
    if (work.info.state != "done") {
        work.info.state = "running";
        QS_TRY(run_->writeConfiguration(work.info));
    }
    works_.push_back(std::move(work));
    return {};
}

Status CheckpointPhase::runBlock(std::int64_t block, JobContext& job) {
    if (stream_) stream_->enterBlock(block);
    for (auto& work : works_) {
        QS_TRY(job.checkStop());
        if (!work.finished[static_cast<std::size_t>(block)]) QS_TRY(compare(work, block, job));
    }
    const bool needed_later = block + 1 < inputs_.weights->config().block_count && pending();
    return stream_ && needed_later ? stream_->advance(job) : Status{};
}

Status CheckpointPhase::compare(Work& work, std::int64_t block, JobContext& job) {
    const auto began = Clock::now();
    job.report(
        work.configuration.id + ": block " + std::to_string(block + 1) + " of " + std::to_string(work.info.block_count),
        0.0);
    if (stream_) QS_TRY(stream_->gather(kInputSites, job));
    QS_ASSIGN(const auto folded, findFoldedScales(*inputs_.weights, *work.weights, block, job));
    LayerRecord record;
    record.block = block;
    record.notes = folded.notes;
    for (const auto role : kLinearRoles) {
        job.report("Comparing " + linearPath(block, role),
                   static_cast<double>(role) / static_cast<double>(kLinearRoles.size()));
        QS_ASSIGN(auto compared, compareOne(work, block, role, folded.linears[static_cast<std::size_t>(role)], job));
        record.linears.push_back(std::move(compared));
    }
    QS_TRY(job.checkStop());
    QS_TRY(run_->writeBlock(work.configuration.id, record, {}, provenance(work, block)));
    work.finished[static_cast<std::size_t>(block)] = true;
    work.info.finished_blocks = std::ranges::count(work.finished, true);
    work.info.seconds += std::chrono::duration<double>(Clock::now() - began).count();
    QS_TRY(run_->writeConfiguration(work.info));
    for (const auto& note : record.notes)
        progress_.send({.kind = EventKind::note, .configuration = work.configuration.id, .block = block, .text = note});
    progress_.send(
        {.kind = EventKind::block_finished, .configuration = work.configuration.id, .block = block, .text = {}});
    return {};
}

Result<LinearRecord> CheckpointPhase::compareOne(const Work& work, std::int64_t block, LinearRole role,
                                                 const Unfolding& unfolding, JobContext& job) {
    const auto path = linearPath(block, role);
    QS_ASSIGN(const auto weight, inputs_.weights->readMatrix(path + ".weight"));
    QS_ASSIGN(auto other, work.weights->readMatrix(path + ".weight"));
    unfolding.apply(other);
    const SiteStatistics* statistics = nullptr;
    const std::vector<float>* inverse_diagonal = nullptr;
    if (stream_) {
        QS_ASSIGN(statistics, stream_->statistics(inputSite(role), job));
        QS_ASSIGN(inverse_diagonal, stream_->inverseDiagonal(inputSite(role), job));
    }
    const auto bytes = work.bytes.find(path);
    const double bits = bytes == work.bytes.end() ? 0.0
                                                  : 8.0 * static_cast<double>(bytes->second) /
                                                        static_cast<double>(weight.rows * weight.columns);
    return compareLinear(role, weight, std::move(other), bits, statistics, job, inverse_diagonal);
}

std::string CheckpointPhase::provenance(const Work& work, std::int64_t block) const {
    return sha256Hex(inputs_.provenance + "|" + work.configuration.method + "|" + work.fingerprint + "|" +
                     std::to_string(block));
}

Status CheckpointPhase::finish(Work& work) {
    if (work.info.state == "done") return {};
    double bits = 0.0;
    double weights = 0.0;
    for (std::int64_t block = 0; block < work.info.block_count; ++block) {
        QS_ASSIGN(const auto record, run_->layerMetrics(work.configuration.id, block));
        for (const auto& linear : record.linears) {
            const auto count = static_cast<double>(linear.rows * linear.columns);
            const auto found = linear.metrics.find("bits_per_weight");
            bits += found == linear.metrics.end() ? 0.0 : count * found->second;
            weights += count;
        }
    }
    work.info.bits_per_weight = weights > 0.0 ? bits / weights : 0.0;
    work.info.finished_blocks = work.info.block_count;
    work.info.state = "done";
    QS_TRY(run_->writeConfiguration(work.info));
    progress_.send({.kind = EventKind::configuration_finished, .configuration = work.configuration.id, .text = {}});
    return {};
}

void CheckpointPhase::leave(const Error& error) {
    for (auto& work : works_) {
        if (work.info.state == "done") continue;
        work.info.state = error.kind == ErrorKind::cancelled ? "cancelled" : "failed";
        // The error that brought us here is the one to report; that its note could not be written adds nothing.
        (void)run_->writeConfiguration(work.info);
    }
}

}  // namespace quantoscope
