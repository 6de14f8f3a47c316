#include "core/methods/awq_search.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <numeric>
#include <utility>

#include "core/methods/grid_options.h"
#include "kernels/awq_search/awq_search.h"

namespace quantoscope {
namespace {

constexpr float kLeastScale = 1e-4F;

constexpr std::int64_t kFirstPieces = 6;  // seen of every candidate before any may leave
constexpr std::int64_t kGrowth = 3;       // how much more a survivor is seen of in the next round
constexpr std::int64_t kHeavyShare = 32;  // one piece in so many is looked at in any case: those that weigh most
constexpr double kStandardErrors = 3.0;

struct Candidate {
    std::vector<float> scale;
    std::vector<double> losses;  // by piece; those not seen yet are 0
    bool alive = true;
};

class Race {
public:
    Race(AwqModule& module, std::vector<Candidate> candidates, const JobContext& job)
        : module_(module), candidates_(std::move(candidates)), job_(job) {
        for (auto& candidate : candidates_)
            candidate.losses.assign(static_cast<std::size_t>(module_.pieceCount()), 0.0);
    }

    Result<std::vector<float>> winner() {
        for (std::int64_t slab = 0; slab < module_.slabCount() && undecided(); ++slab) QS_TRY(runSlab(slab));
        return std::move(candidates_[leader_].scale);
    }

private:
    Status runSlab(std::int64_t slab) {
        QS_TRY(module_.enterSlab(slab));
        const auto range = module_.slabPieces(slab);
        QS_ASSIGN(const auto weights, module_.weights());
        const auto waiting = order(range, weights);
        const auto heavy = heavyCount(waiting.size());
        heavy_.insert(heavy_.end(), waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(heavy));
        auto next = heavy + kFirstPieces;
        for (std::size_t seen = 0; seen < waiting.size() && undecided();
             seen = next, next = heavy + (next - heavy) * kGrowth) {
            next = std::min(next, waiting.size());
            std::vector<std::int64_t> part(waiting.begin() + static_cast<std::ptrdiff_t>(seen),
                                           waiting.begin() + static_cast<std::ptrdiff_t>(next));
            std::ranges::sort(part);
            for (std::size_t k = 0; k < candidates_.size(); ++k)
                if (candidates_[k].alive) QS_TRY(visit(k, part));
            for (const auto piece : part)
                if (std::ranges::find(heavy_, piece) == heavy_.end()) sampled_.push_back(piece);
            dropLosers();
        }
        return {};
    }

    bool undecided() const {
        return std::ranges::count_if(candidates_, [](const Candidate& candidate) { return candidate.alive; }) > 1;
    }

    static std::size_t heavyCount(std::size_t pieces) { return std::max<std::size_t>(1, pieces / kHeavyShare); }

    /// Pieces that weigh most first, then the others so that any first part of them has some of every weight.
    static std::vector<std::int64_t> order(AwqModule::PieceRange range, const std::vector<double>& weights) {
        std::vector<std::int64_t> pieces(static_cast<std::size_t>(range.end - range.begin));
        std::iota(pieces.begin(), pieces.end(), range.begin);
        std::ranges::stable_sort(pieces, std::greater(), [&](std::int64_t piece) {
            return weights[static_cast<std::size_t>(piece - range.begin)];
        });
        const auto heavy = heavyCount(pieces.size());
        std::vector<std::pair<double, std::int64_t>> places;
        for (auto i = heavy; i < pieces.size(); ++i)
            places.emplace_back(std::fmod(static_cast<double>(i) * std::numbers::phi, 1.0), pieces[i]);
        std::ranges::sort(places);
        for (std::size_t i = 0; i < places.size(); ++i) pieces[heavy + i] = places[i].second;
        return pieces;
    }

    Status visit(std::size_t number, std::span<const std::int64_t> pieces) {
        auto& candidate = candidates_[number];
        QS_TRY(job_.checkStop());
        QS_TRY(module_.setScale(number, candidate.scale));
        std::vector<double> losses(pieces.size());
        QS_TRY(module_.losses(pieces, losses));
        for (std::size_t i = 0; i < pieces.size(); ++i)
            candidate.losses[static_cast<std::size_t>(pieces[i])] = losses[i];
        return {};
    }

    /// Estimate of the whole loss from the pieces seen by all.
    double estimate(const Candidate& candidate) const {
        double heavy = 0.0;
        double sampled = 0.0;
        for (const auto piece : heavy_) heavy += candidate.losses[static_cast<std::size_t>(piece)];
        for (const auto piece : sampled_) sampled += candidate.losses[static_cast<std::size_t>(piece)];
        return heavy + sampled * sampledFactor();
    }

    double sampledFactor() const {
        const auto rest = static_cast<double>(module_.pieceCount()) - static_cast<double>(heavy_.size());
        return sampled_.empty() ? 0.0 : rest / static_cast<double>(sampled_.size());
    }

    /// Standard error of the estimated difference of two candidates, for pieces drawn without putting back.
    double standardError(const Candidate& a, const Candidate& b) const {
        const auto count = static_cast<double>(sampled_.size());
        const double rest = count * sampledFactor();
        if (sampled_.size() < 2 || rest <= count) return 0.0;
        double sum = 0.0;
        double squares = 0.0;
        for (const auto piece : sampled_) {
            const auto at = static_cast<std::size_t>(piece);
            const double difference = a.losses[at] - b.losses[at];
            sum += difference;
            squares += difference * difference;
        }
        const double variance = std::max(0.0, squares - sum * sum / count) / (count - 1.0);
        return rest * std::sqrt(variance / count * (1.0 - count / rest)) * (1.0 + 2.0 / count);
    }

    void dropLosers() {
        double best = std::numeric_limits<double>::infinity();
        for (std::size_t k = 0; k < candidates_.size(); ++k) {
            if (!candidates_[k].alive) continue;
            const double value = estimate(candidates_[k]);
            if (value < best) {
                best = value;
                leader_ = k;
            }
        }
        for (auto& candidate : candidates_)
            if (candidate.alive &&
                estimate(candidate) - best > kStandardErrors * standardError(candidate, candidates_[leader_]))
                candidate.alive = false;
    }

    AwqModule& module_;
    std::vector<Candidate> candidates_;
    const JobContext& job_;
    std::size_t leader_ = 0;
    std::vector<std::int64_t> heavy_;    // of the slabs so far: known, not sampled
    std::vector<std::int64_t> sampled_;  // seen by everybody alive
};

}  // namespace

std::vector<float> candidateScale(std::span<const float> mean_absolute, double ratio) {
    std::vector<float> scale(mean_absolute.size());
    const auto power = static_cast<float>(ratio);
    for (std::size_t j = 0; j < scale.size(); ++j) scale[j] = std::max(std::pow(mean_absolute[j], power), kLeastScale);
    const auto [least, largest] = std::ranges::minmax(scale);
    const float middle = std::sqrt(largest * least);
    for (auto& value : scale) value /= middle;
    return scale;
}

Result<std::vector<float>> searchScale(AwqModule& module, std::span<const float> mean_absolute, std::int64_t ratios,
                                       const JobContext& job) {
    std::vector<Candidate> candidates;
    candidates.reserve(static_cast<std::size_t>(ratios));
    for (std::int64_t k = 0; k < ratios; ++k)
        candidates.push_back({candidateScale(mean_absolute, static_cast<double>(k) / static_cast<double>(ratios)), {}});
    return Race(module, std::move(candidates), job).winner();
}

Status AwqProblem::roundingError(LinearRole role, const Matrix& weight, std::span<const float> scale,
                                 Matrix& error) const {
    if (error.rows != weight.rows || error.columns != weight.columns) error = Matrix(weight.rows, weight.columns);
    const kernels::GroupedMatrix shape{weight.rows, weight.columns, groupColumns(options, weight.columns),
                                       weight.columns};
    return kernelStatus(kernels::scaledRoundingError(weight.values.data(), shape, grid(role), scale.data(),
                                                     error.values.data(), job.stopToken()),
                        "rounding scaled weights");
}

}  // namespace quantoscope
