#include "core/pipeline/block_stream.h"

#include <algorithm>

#include "core/analysis/analyse_linear.h"

namespace quantoscope {
namespace {

std::size_t indexOf(InputSite site) {
    return static_cast<std::size_t>(site);
}

}  // namespace

BlockStream::BlockStream(std::shared_ptr<const WeightSource> weights, Precision precision, Activations embedded,
                         std::shared_ptr<HostBlocks> on_gpu)
    : weights_(std::move(weights)), precision_(precision), on_gpu_(std::move(on_gpu)), values_(std::move(embedded)) {
    if (on_gpu_) pinned_ = PinnedRange(*on_gpu_->gpu(), values_.values.data(), values_.values.size() * sizeof(float));
}

void BlockStream::enterBlock(std::int64_t index) {
    leaveBlock();
    block_index_ = index;
}

void BlockStream::leaveBlock() {
    block_.reset();
    dropStatistics();
}

void BlockStream::dropStatistics() {
    for (auto& held : statistics_) held.reset();
    for (auto& held : inverse_diagonals_) held.clear();
}

Result<StreamBlock*> BlockStream::block() {
    if (!block_) {
        QS_ASSIGN(block_, on_gpu_ ? loadGpuStreamBlock(*on_gpu_, weights_->config(), block_index_)
                                  : loadStreamBlock(*weights_, block_index_, precision_));
    }
    return block_.get();
}

Status BlockStream::gather(std::span<const InputSite> sites, JobContext& job) {
    return pass(sites, {}, job);
}

Status BlockStream::observe(const SiteObserver& observer, JobContext& job) {
    return pass(kInputSites, observer, job);
}

Status BlockStream::pass(std::span<const InputSite> sites, const SiteObserver& observer, JobContext& job) {
    if (!hasData()) return failure("this method needs calibration data; choose a text for the Calibrate stage");
    StreamBlock::Sites wanted{};
    std::optional<InputSite> last;
    for (const auto site : sites) {
        const bool known = statistics_[indexOf(site)].has_value();
        wanted[indexOf(site)] = !known;
        if (!known || observer) last = last ? std::max(*last, site) : site;
    }
    if (!last) return {};
    const TimedPhase timed(job.times(), "forward");
    QS_ASSIGN(auto* current, block());
    QS_ASSIGN(auto gathered, current->gather(values_, wanted, observer, *last, job));
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (wanted[i]) statistics_[i] = std::move(gathered[i]);
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
    return current->advance(values_, job);
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
