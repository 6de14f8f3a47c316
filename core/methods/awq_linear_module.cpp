#include <algorithm>

#include "core/methods/awq_module_parts.h"
#include "core/methods/gpu/awq_on_gpu.h"
#include "kernels/weighted_error/weighted_error.h"

namespace quantoscope {
namespace {

/// Linears with one input: the sum over tokens of (x . d)^2 is d^T G d with G its Gram matrix. Pieces are neighbouring
/// output rows of a linear.
class LinearModule final : public AwqModule {
public:
    LinearModule(const AwqProblem& problem, std::span<const LinearRole> roles) : problem_(problem) {
        for (const auto role : roles)
            for (std::int64_t row = 0; row < problem.weight(role).rows; row += kRows)
                pieces_.push_back({role, row, std::min(kRows, problem.weight(role).rows - row)});
    }

    std::int64_t pieceCount() const override { return static_cast<std::int64_t>(pieces_.size()); }
    PieceRange slabPieces(std::int64_t) const override { return {0, pieceCount()}; }
    Status enterSlab(std::int64_t) override { return {}; }

    Result<std::vector<double>> weights() override {
        std::vector<double> sums;
        sums.reserve(pieces_.size());
        for (const auto& piece : pieces_) {
            const auto& weight = problem_.weight(piece.role);
            const auto* const rows = weight.row(piece.first).data();
            sums.push_back(kernels::sumOfProducts(rows, rows, piece.rows, weight.columns));
        }
        return sums;
    }

    Status setScale(std::size_t, std::span<const float> scale) override {
        scale_.assign(scale.begin(), scale.end());
        return {};
    }

    Status losses(std::span<const std::int64_t> pieces, std::span<double> losses) override {
        for (std::size_t i = 0; i < pieces.size();) {
            auto end = i;
            while (end < pieces.size() && at(pieces[end]).role == at(pieces[i]).role) ++end;
            QS_TRY(linearLosses(pieces.subspan(i, end - i), losses.subspan(i, end - i)));
            i = end;
        }
        return {};
    }

private:
    static constexpr std::int64_t kRows = 4;
    struct Piece {
        LinearRole role;
        std::int64_t first;
        std::int64_t rows;
    };
    const Piece& at(std::int64_t piece) const { return pieces_[static_cast<std::size_t>(piece)]; }

    /// Pieces of one linear.
    Status linearLosses(std::span<const std::int64_t> pieces, std::span<double> losses) {
        const auto role = at(pieces.front()).role;
        const auto& weight = problem_.weight(role);
        std::int64_t count = 0;
        for (const auto piece : pieces) count += at(piece).rows;
        rows_at_hand_ = Matrix(count, weight.columns);
        std::int64_t row = 0;
        for (const auto piece : pieces) {
            std::copy_n(weight.row(at(piece).first).data(), at(piece).rows * weight.columns,
                        rows_at_hand_.row(row).data());
            row += at(piece).rows;
        }
        QS_TRY(problem_.roundingError(role, rows_at_hand_, scale_, change_));
        const auto& gram = problem_.inputs.statistics[static_cast<std::size_t>(inputSite(role))]->gram;
        energy_.resize(static_cast<std::size_t>(count));
        QS_TRY(kernelStatus(kernels::weightedError(change_.values.data(), count, change_.columns, gram.values.data(),
                                                   energy_.data(), problem_.job.stopToken()),
                            "searching scales"));
        row = 0;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            losses[i] = 0.0;
            for (std::int64_t n = 0; n < at(pieces[i]).rows; ++n) losses[i] += energy_[static_cast<std::size_t>(row++)];
        }
        return {};
    }

    const AwqProblem& problem_;
    std::vector<Piece> pieces_;
    std::vector<float> scale_;
    Matrix rows_at_hand_;
    Matrix change_;
    std::vector<double> energy_;
};

/// The best scales, or none where the GPU has no room.
Result<std::vector<float>> searchOnGpu(const AwqProblem& problem, std::span<const LinearRole> roles,
                                       const SiteStatistics& statistics, std::int64_t ratios) {
    std::vector<ScaledLinear> linears;
    linears.reserve(roles.size());
    for (const auto role : roles)
        linears.push_back(
            {&problem.weight(role), problem.grid(role), groupColumns(problem.options, problem.weight(role).columns)});
    std::vector<std::vector<float>> scales;
    scales.reserve(static_cast<std::size_t>(ratios));
    for (std::int64_t k = 0; k < ratios; ++k)
        scales.push_back(
            candidateScale(statistics.mean_absolute, static_cast<double>(k) / static_cast<double>(ratios)));
    QS_ASSIGN(const auto losses, scaleLossesOnGpu(*statistics.gpu_gram, linears, scales, problem.job));
    if (losses.empty()) return std::vector<float>();
    return scales[static_cast<std::size_t>(std::ranges::min_element(losses) - losses.begin())];
}

}  // namespace

std::unique_ptr<AwqModule> awqLinears(const AwqProblem& problem, std::span<const LinearRole> roles) {
    return std::make_unique<LinearModule>(problem, roles);
}

Result<std::vector<float>> searchLinearsScale(const AwqProblem& problem, std::span<const LinearRole> roles,
                                              std::int64_t ratios) {
    const auto& statistics = *problem.inputs.statistics[static_cast<std::size_t>(inputSite(roles.front()))];
    if (statistics.gpu_gram) {
        QS_ASSIGN(auto scale, searchOnGpu(problem, roles, statistics, ratios));
        if (!scale.empty()) return scale;
        statistics.gpu_gram->gpu().note("The GPU has no room for AWQ's search: it is done on the CPU.");
    }
    return searchScale(*awqLinears(problem, roles), statistics.mean_absolute, ratios, problem.job);
}

}  // namespace quantoscope
