#include "core/pipeline/quantize_phase.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/analysis/analyse_linear.h"
#include "core/base/work_clock.h"
#include "core/model/language_model.h"

namespace quantoscope {
namespace {

double secondsSince(WorkClock::time_point began) {
    return std::chrono::duration<double>(WorkClock::now() - began).count();
}

}  // namespace

bool QuantizePhase::Work::pendingFrom(std::int64_t block) const {
    return std::find(finished.begin() + block, finished.end(), false) != finished.end();
}

std::int64_t QuantizePhase::blockCount() const {
    const auto all = inputs_.weights->config().block_count;
    return inputs_.block_limit < 0 ? all : std::min(all, inputs_.block_limit);
}

Status QuantizePhase::run(JobContext& job) {
    const TimedPhase timed(job.times(), "other");
    QS_TRY(prepare());
    Status status;
    const auto block_count = blockCount();
    const auto pending = [&] {
        return std::ranges::any_of(works_, [](const Work& work) { return work.pendingFrom(0); });
    };
    if (pending()) status = embed();
    for (std::int64_t block = 0; status && pending() && block < block_count; ++block) {
        auto part = job.part(static_cast<double>(block) / static_cast<double>(block_count),
                             static_cast<double>(block + 1) / static_cast<double>(block_count));
        status = runBlock(block, part);
    }
    if (!status) {
        leave(status.error());
        return status;
    }
    if (block_count < inputs_.weights->config().block_count) return {};
    for (auto& work : works_) QS_TRY(finish(work));
    return {};
}

Status QuantizePhase::prepare() {
    const auto block_count = inputs_.weights->config().block_count;
    for (const auto& configuration : inputs_.configurations) {
        if (configuration.isCheckpoint()) continue;
        Work work;
        work.configuration = configuration;
        QS_ASSIGN(work.method, findMethod(configuration.method));
        if (work.method->propagation != Propagation::none && inputs_.windows.empty())
            return failure(work.method->label +
                           " needs calibration data; choose a text for the Calibrate stage (--calibration FILE)");
        if (auto known = run_->configuration(configuration.id)) work.info = std::move(*known);
        work.info.id = configuration.id;
        work.info.method = configuration.method;
        work.info.options = configuration.options;
        work.info.layer_bits = layerBitsText(configuration.layer_bits);
        work.info.block_count = block_count;
        const bool done = work.info.state == "done";
        work.finished.assign(static_cast<std::size_t>(blockCount()), done);
        for (const auto block : run_->finishedBlocks(configuration.id))
            if (block < blockCount()) work.finished[static_cast<std::size_t>(block)] = true;
        if (work.pendingFrom(0)) {
            work.info.state = "running";
            QS_TRY(run_->writeConfiguration(work.info));
        }
        works_.push_back(std::move(work));
    }
    return {};
}

Status QuantizePhase::embed() {
    Activations embedded;
    if (!inputs_.windows.empty()) {
        QS_ASSIGN(embedded, embedTokens(*inputs_.weights, inputs_.windows));
    }
    QS_ASSIGN(const auto on_gpu, hostBlocks(inputs_.device, *inputs_.weights));
    const auto make = [&](Activations values) {
        return std::make_unique<BlockStream>(inputs_.weights, inputs_.precision, std::move(values), on_gpu);
    };
    bool shared_needed = false;
    if (embedded.sequence_count > 0) inherited_.emplace(inputs_.weights, inputs_.precision, embedded);
    for (auto& work : works_) {
        if (!work.pendingFrom(0)) continue;
        if (inherited_) inherited_->follow(work.configuration.id);
        if (work.method->propagation == Propagation::quantized)
            work.own = make(embedded);
        else
            shared_needed = true;
    }
    if (shared_needed) shared_ = make(std::move(embedded));
    return {};
}

Status QuantizePhase::runBlock(std::int64_t block, JobContext& job) {
    QS_TRY(job.checkStop());
    if (inherited_) {
        for (const auto& work : works_)
            if (!work.pendingFrom(block)) inherited_->leave(work.configuration.id);
        QS_TRY(inherited_->enterBlock(block, job));
    }
    const auto streams =
        (shared_ ? 1 : 0) + std::ranges::count_if(works_, [](const Work& work) { return work.own != nullptr; });
    double begin = 0.0;
    const double step = 1.0 / static_cast<double>(std::max<std::int64_t>(streams, 1));
    if (shared_) {
        auto part = job.part(begin, begin + step);
        QS_TRY(runShared(block, part));
        begin += step;
    }
    for (auto& work : works_) {
        if (!work.own) continue;
        auto part = job.part(begin, begin + step);
        QS_TRY(runOwn(work, block, part));
        begin += step;
    }
    return {};
}

Status QuantizePhase::runShared(std::int64_t block, JobContext& job) {
    const auto shares = [&](const Work& work, std::int64_t from) { return !work.own && work.pendingFrom(from); };
    if (std::ranges::none_of(works_, [&](const Work& work) { return shares(work, block); })) return {};
    shared_->enterBlock(block);
    for (auto& work : works_) {
        if (!shares(work, block)) continue;
        if (work.finished[static_cast<std::size_t>(block)]) {
            QS_TRY(checkProvenance(work, block));
            if (inherited_ && work.pendingFrom(block + 1)) {
                QS_ASSIGN(const auto codes, run_->codes(work.configuration.id, block));
                QS_TRY(sendOn(work, block, codes, job));
            }
            continue;
        }
        QS_TRY(solve(work, *shared_, StreamContext::Access::shared, block, job));
    }
    const bool needed_later = block + 1 < blockCount() &&
                              std::ranges::any_of(works_, [&](const Work& work) { return shares(work, block + 1); });
    if (needed_later && shared_->hasData()) QS_TRY(shared_->advance(job));
    shared_->leaveBlock();  // the next stream has the memory for itself
    return {};
}

Status QuantizePhase::runOwn(Work& work, std::int64_t block, JobContext& job) {
    if (!work.pendingFrom(block)) {
        work.own.reset();
        return {};
    }
    work.own->enterBlock(block);
    if (work.finished[static_cast<std::size_t>(block)]) {
        QS_TRY(checkProvenance(work, block));
        job.report("Replaying block " + std::to_string(block) + " of " + work.configuration.id, 0.5);
        QS_ASSIGN(const auto codes, run_->codes(work.configuration.id, block));
        QS_TRY(work.own->apply(codes));
        QS_TRY(sendOn(work, block, codes, job));
    } else {
        QS_TRY(solve(work, *work.own, StreamContext::Access::own, block, job));
    }
    const bool needed_later = block + 1 < blockCount() && work.pendingFrom(block + 1);
    const auto began = WorkClock::now();
    if (needed_later) QS_TRY(work.own->advance(job));
    work.own->leaveBlock();
    work.info.seconds += secondsSince(began);
    return {};
}

Status QuantizePhase::solve(Work& work, BlockStream& stream, StreamContext::Access access, std::int64_t block,
                            JobContext& job) {
    const auto began = WorkClock::now();
    memory_.reset();
    job.report(
        work.configuration.id + ": block " + std::to_string(block + 1) + " of " + std::to_string(work.info.block_count),
        0.0);
    StreamContext context(stream, access, work.configuration.layer_bits);
    QS_ASSIGN(auto quantized, work.method->quantize_block(context, work.configuration.options, job));
    for (const auto role : kLinearRoles)
        if (const auto& linear = quantized.linears[static_cast<std::size_t>(role)])
            QS_TRY(linear->validate(linearPath(block, role)));
    QS_ASSIGN(auto record, analyse(stream, quantized, block, job));
    enterInherited(work, record);
    QS_TRY(job.checkStop());
    {
        const TimedPhase timed(job.times(), "writing");
        QS_ASSIGN(const auto made_from, provenance(work, block));
        QS_TRY(run_->writeBlock(work.configuration.id, record, quantized, made_from));
    }
    if (access == StreamContext::Access::own) stream.dropStatistics();  // nobody else looks at them
    if (access == StreamContext::Access::own && block + 1 < blockCount()) QS_TRY(stream.apply(quantized));
    QS_TRY(sendOn(work, block, quantized, job));
    work.finished[static_cast<std::size_t>(block)] = true;
    work.info.finished_blocks = std::ranges::count(work.finished, true);
    work.info.seconds += secondsSince(began);
    work.info.peak_bytes = std::max(work.info.peak_bytes, memory_.peakBytes());
    QS_TRY(noteProgress(work));
    for (const auto& note : quantized.notes)
        progress_.send({.kind = EventKind::note, .configuration = work.configuration.id, .block = block, .text = note});
    progress_.send(
        {.kind = EventKind::block_finished, .configuration = work.configuration.id, .block = block, .text = {}});
    return {};
}

/// Which blocks are finished is seen from their files; what a configuration says beside them may be a second old. Each
/// write is two syncs, which a model of small blocks would spend its time on.
Status QuantizePhase::noteProgress(Work& work) {
    constexpr auto kInterval = std::chrono::seconds(1);
    const auto now = std::chrono::steady_clock::now();
    if (now - work.noted < kInterval && work.pendingFrom(0)) return {};
    work.noted = now;
    return run_->writeConfiguration(work.info);
}

Result<LayerRecord> QuantizePhase::analyse(BlockStream& stream, const QuantizedBlock& quantized, std::int64_t block,
                                           JobContext& job) {
    const TimedPhase timed(job.times(), "analysis");
    // One pass for all sites when the method has not looked at them itself.
    if (stream.hasData()) QS_TRY(stream.gather(kInputSites, job));
    LayerRecord record;
    record.block = block;
    record.notes = quantized.notes;
    for (const auto role : kLinearRoles) {
        const auto& linear = quantized.linears[static_cast<std::size_t>(role)];
        if (!linear) continue;
        QS_ASSIGN(const auto weight, stream.weights().readMatrix(linearPath(block, role) + ".weight"));
        const SiteStatistics* statistics = nullptr;
        const std::vector<float>* inverse_diagonal = nullptr;
        if (stream.hasData()) {
            QS_ASSIGN(statistics, stream.statistics(inputSite(role), job));
            QS_ASSIGN(inverse_diagonal, stream.inverseDiagonal(inputSite(role), job));
        }
        QS_ASSIGN(auto compared, analyseLinear(role, weight, *linear, statistics, job, inverse_diagonal));
        record.linears.push_back(std::move(compared));
    }
    return record;
}

Status QuantizePhase::sendOn(const Work& work, std::int64_t block, const QuantizedBlock& quantized, JobContext& job) {
    if (!inherited_ || block + 1 >= blockCount()) return {};
    return inherited_->advance(work.configuration.id, quantized, job);
}

void QuantizePhase::enterInherited(const Work& work, LayerRecord& record) const {
    const auto* measured = inherited_ ? inherited_->of(work.configuration.id) : nullptr;
    if (measured == nullptr) return;
    for (auto& linear : record.linears)
        if (const double value = (*measured)[static_cast<std::size_t>(linear.role)]; std::isfinite(value))
            linear.metrics["inherited_error"] = value;
}

void QuantizePhase::leave(const Error& error) {
    for (auto& work : works_) {
        if (!work.pendingFrom(0)) continue;
        work.info.state = error.kind == ErrorKind::cancelled ? "cancelled" : "failed";
        // The error that brought us here is the one to report; that its note could not be written adds nothing.
        (void)run_->writeConfiguration(work.info);
    }
}

}  // namespace quantoscope
