#include "core/model/gpu/gpu_check.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/calibration/gpu_site_sums.h"
#include "core/calibration/site_statistics.h"
#include "core/device/gpu_factorization.h"
#include "core/model/decoder_block.h"
#include "core/model/gpu/gpu_block.h"
#include "kernels/cholesky/cholesky.h"

namespace quantoscope {
namespace {

constexpr std::uint64_t kLeastBudget = std::uint64_t{64} << 20;
constexpr std::int64_t kSequences = 2;
constexpr std::int64_t kLength = 80;  // a whole tile of the attention and a part of one
constexpr double kTolerance = 0.02;   // bfloat16 holds 8 bits

/// Numbers between -1 and 1 that are the same everywhere.
float numberAt(std::uint64_t place) {
    auto bits = place * 0x9e3779b97f4a7c15ULL;
    bits ^= bits >> 29U;
    bits *= 0xbf58476d1ce4e5b9ULL;
    return static_cast<float>(static_cast<double>(bits >> 40U) / 8388608.0 - 1.0);
}

/// One block with heads as large as those of LLaMA.
class MadeUpWeights final : public WeightSource {
public:
    MadeUpWeights() {
        config_.hidden_size = 128;
        config_.intermediate_size = 192;
        config_.block_count = 1;
        config_.head_count = 2;
        config_.kv_head_count = 1;
        config_.head_dim = 128;
        config_.vocab_size = 1;
    }
    const ModelConfig& config() const override { return config_; }
    bool has(std::string_view) const override { return true; }
    Result<std::vector<std::int64_t>> shape(std::string_view) const override {
        return std::vector<std::int64_t>{config_.hidden_size};  // only the norms are asked for theirs
    }
    Status read(std::string_view, std::span<float> values) const override {
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = 1.0F + 0.25F * numberAt(i);
        return {};
    }
    Status readRows(std::string_view name, std::int64_t first, std::int64_t count,
                    std::span<float> values) const override {
        const auto columns = values.size() / static_cast<std::size_t>(count);
        const auto begin = name.size() * 1000003 + static_cast<std::size_t>(first) * columns;
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = 0.2F * numberAt(begin + i);
        return {};
    }

private:
    ModelConfig config_;
};

/// Largest difference as a share of the largest value; what is not a number counts as all wrong.
double difference(std::span<const float> found, std::span<const float> wanted) {
    double most = 0.0;
    double largest = 1e-30;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const double apart = std::fabs(static_cast<double>(found[i]) - static_cast<double>(wanted[i]));
        if (!std::isfinite(apart)) return 1.0;
        most = std::max(most, apart);
        largest = std::max(largest, std::fabs(static_cast<double>(wanted[i])));
    }
    return most / largest;
}

Status agree(const char* what, std::span<const float> found, std::span<const float> wanted) {
    const double apart = difference(found, wanted);
    if (apart <= kTolerance) return {};
    return failure(std::string("The GPU computes ") + what +
                       " otherwise than the CPU in a small check, so it cannot be trusted with a run: update its "
                       "driver or the GPU module, and compute with --device cpu until then.",
                   {}, "largest difference " + std::to_string(100.0 * apart) + " % of the largest value");
}

Status checkFactor(const SiteStatistics& statistics) {
    const auto n = statistics.gram.columns;
    const auto scale = static_cast<float>(1.0 / static_cast<double>(statistics.token_count));
    std::vector<float> diagonal;
    auto wanted = statistics.gram;
    for (auto& value : wanted.values) value *= scale;
    for (std::int64_t j = 0; j < n; ++j) {
        diagonal.push_back(wanted.at(j, j));
        wanted.at(j, j) += 0.1F;
    }
    QS_ASSIGN(const auto factorization, GpuFactorization::prepare(*statistics.gpu_gram, scale, diagonal, {}));
    if (!factorization) return {};
    std::vector<float> found(wanted.values.size(), std::nanf(""));
    QS_ASSIGN(const bool exists, factorization->factorize(0.1F, false));
    if (exists) QS_TRY(factorization->download(found.data()));
    if (kernels::inverseFactor(wanted.values.data(), n) != kernels::KernelStatus::ok) return {};
    return agree("a factorization", found, wanted.values);
}

}  // namespace

Status checkGpu(const std::shared_ptr<Gpu>& gpu) {
    if (gpu->room() < kLeastBudget) return {};
    const MadeUpWeights weights;
    const auto& config = weights.config();
    Activations input(kSequences, kLength, config.hidden_size);
    for (std::size_t i = 0; i < input.values.size(); ++i) input.values[i] = numberAt(i);
    HostBlocks host(gpu, weights);
    QS_ASSIGN(const auto* values, host.block(0));
    QS_ASSIGN(auto there, GpuBlock::load(gpu, config, 0, *values));
    QS_ASSIGN(const auto here, DecoderBlock::load(weights, 0, Precision::bfloat16));
    QS_ASSIGN(auto sums, GpuSiteSums::make(gpu, config.intermediate_size));
    SiteStatisticsAccumulator accumulator(config.intermediate_size);
    JobContext job;
    Activations found;
    Activations wanted;
    QS_TRY(there.forward(
        input, &found,
        [&](const GpuSiteInput& rows) { return rows.site == InputSite::mlp_hidden ? sums.add(rows) : Status{}; }, job));
    QS_TRY(here.forward(
        input, &wanted,
        [&](const SiteInput& rows) {
            return rows.site == InputSite::mlp_hidden ? accumulator.add(rows, job) : Status{};
        },
        job));
    QS_TRY(agree("a block of a model", found.values, wanted.values));
    QS_ASSIGN(const auto statistics, sums.finish(kSequences));
    QS_TRY(agree("second moments", statistics.gram.values, accumulator.finish(kSequences).gram.values));
    return checkFactor(statistics);
}

}  // namespace quantoscope
