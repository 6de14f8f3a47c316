#include "core/pipeline/block_stream.h"

#include <algorithm>

#include "core/analysis/analyse_linear.h"
#include "core/calibration/site_statistics.h"

namespace quantoscope {
namespace {

std::size_t indexOf(InputSite site) {
    return static_cast<std::size_t>(site);
}

}  // namespace

void BlockStream::enterBlock(std::int64_t index) {
    block_index_ = index;
    block_.reset();
    dropStatistics();
}

void BlockStream::dropStatistics() {
    for (auto& held : statistics_) held.reset();
    for (auto& held : inverse_diagonals_) held.clear();
}

Result<DecoderBlock*> BlockStream::block() {
    if (!block_) {
        QS_ASSIGN(auto loaded, DecoderBlock::load(*weights_, block_index_, precision_));
        block_.emplace(std::move(loaded));
    }
    return &*block_;
}

Status BlockStream::gather(std::span<const InputSite> sites, JobContext& job) {
    return pass(sites, {}, job);
}

Status BlockStream::observe(const SiteObserver& observer, JobContext& job) {
    return pass(kInputSites, observer, job);
}

Status BlockStream::pass(std::span<const InputSite> sites, const SiteObserver& observer, JobContext& job) {
    if (!hasData()) return failure("this method needs calibration data; choose a text for the Calibrate stage");
    std::array<std::optional<SiteStatisticsAccumulator>, 4> wanted;
    std::optional<InputSite> last;
    for (const auto site : sites) {
        const bool known = statistics_[indexOf(site)].has_value();
        if (!known) wanted[indexOf(site)].emplace(siteColumns(weights_->config(), site));
        if (!known || observer) last = last ? std::max(*last, site) : site;
    }
    if (!last) return {};
    const TimedPhase timed(job.times(), "forward");
    QS_ASSIGN(auto* current, block());
    const SiteObserver observe = [&](const SiteInput& input) -> Status {
        if (observer) QS_TRY(observer(input));
        const TimedPhase gathering(job.times(), "gram");
        auto& accumulator = wanted[indexOf(input.site)];
        if (!accumulator) return {};
        QS_TRY(accumulator->add(input, job));
        // The matrix is symmetric: half of its products are computed, each a multiplication and an addition.
        if (job.times() != nullptr)
            job.times()->countOperations(static_cast<double>(input.rows) * static_cast<double>(input.columns) *
                                         static_cast<double>(input.columns));
        return {};
    };
    QS_TRY(current->forward(values_, nullptr, observe, job, last));
    const TimedPhase finishing(job.times(), "gram");
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (wanted[i]) statistics_[i] = wanted[i]->finish(values_.sequence_count);
    return {};
}

Result<const SiteStatistics*> BlockStream::statistics(InputSite site, JobContext& job) {
    if (!statistics_[indexOf(site)]) QS_TRY(gather(std::span(&site, 1), job));
    return &*statistics_[indexOf(site)];
}

Result<const std::vector<float>*> BlockStream::inverseDiagonal(InputSite site, JobContext& job) {
    auto& diagonal = inverse_diagonals_[indexOf(site)];
    if (diagonal.empty()) {
        QS_ASSIGN(const auto* known, statistics(site, job));
        QS_ASSIGN(diagonal, inverseHessianDiagonal(*known, job));
    }
    return &diagonal;
}

Status BlockStream::replace(LinearRole role, const Matrix& weight) {
    QS_ASSIGN(auto* current, block());
    QS_TRY(current->setLinear(role, weight));
    for (auto i = indexOf(inputSite(role)) + 1; i < statistics_.size(); ++i) {
        statistics_[i].reset();
        inverse_diagonals_[i].clear();
    }
    return {};
}

Status BlockStream::apply(const QuantizedBlock& quantized) {
    QS_ASSIGN(auto* current, block());
    for (const auto role : kLinearRoles)
        if (const auto& linear = quantized.linears[static_cast<std::size_t>(role)])
            QS_TRY(current->setLinear(role, linear->dequantize()));
    for (const auto& [name, values] : quantized.vectors) {
        if (name == inputNormName(block_index_)) QS_TRY(current->setInputNorm(values));
        if (name == postAttentionNormName(block_index_)) QS_TRY(current->setPostAttentionNorm(values));
    }
    return {};
}

Status BlockStream::advance(JobContext& job) {
    const TimedPhase timed(job.times(), "forward");
    QS_ASSIGN(auto* current, block());
    return current->forward(values_, &values_, {}, job);
}

Result<Matrix> StreamContext::weight(LinearRole role) {
    return stream_.weights().readMatrix(linearPath(stream_.blockIndex(), role) + ".weight");
}
Result<std::vector<float>> StreamContext::inputNorm() {
    return stream_.weights().readVector(inputNormName(stream_.blockIndex()));
}
Result<std::vector<float>> StreamContext::postAttentionNorm() {
    return stream_.weights().readVector(postAttentionNormName(stream_.blockIndex()));
}
Result<const SiteStatistics*> StreamContext::statistics(InputSite site, JobContext& job) {
    return stream_.statistics(site, job);
}
Status StreamContext::gather(std::span<const InputSite> sites, JobContext& job) {
    return stream_.gather(sites, job);
}

Status StreamContext::replace(LinearRole role, const Matrix& weight) {
    if (access_ == Access::shared)
        return failure("a method that calibrates on the original model may not change its blocks", {},
                       "replace() on a shared stream");
    return stream_.replace(role, weight);
}

}  // namespace quantoscope
