#include "core/methods/awq_module_parts.h"
#include "kernels/weighted_error/weighted_error.h"

namespace quantoscope {
namespace {

/// One linear alone: the sum over tokens of (x . d)^2 is d^T G d with G the Gram matrix of its input. Its pieces are
/// neighbouring output rows.
class LinearModule final : public AwqModule {
public:
    LinearModule(const AwqProblem& problem, LinearRole role)
        : problem_(problem), role_(role), rows_(problem.weight(role).rows) {}

    std::int64_t pieceCount() const override { return (rows_ + kRows - 1) / kRows; }
    PieceRange slabPieces(std::int64_t) const override { return {0, pieceCount()}; }
    Status enterSlab(std::int64_t) override { return {}; }

    Result<std::vector<double>> weights() override {
        const auto& weight = problem_.weight(role_);
        std::vector<double> sums(static_cast<std::size_t>(pieceCount()));
        for (std::int64_t i = 0; i < rows_; ++i)
            sums[static_cast<std::size_t>(i / kRows)] +=
                kernels::sumOfProducts(weight.row(i).data(), weight.row(i).data(), 1, weight.columns);
        return sums;
    }

    Status setScale(std::size_t, std::span<const float> scale) override {
        scale_.assign(scale.begin(), scale.end());
        return {};
    }

    Status losses(std::span<const std::int64_t> pieces, std::span<double> losses) override {
        const auto& weight = problem_.weight(role_);
        std::int64_t count = 0;
        for (const auto piece : pieces) count += rowsOf(piece);
        rows_at_hand_ = Matrix(count, weight.columns);
        std::int64_t row = 0;
        for (const auto piece : pieces) {
            std::copy_n(weight.row(piece * kRows).data(), rowsOf(piece) * weight.columns,
                        rows_at_hand_.row(row).data());
            row += rowsOf(piece);
        }
        QS_TRY(problem_.roundingError(role_, rows_at_hand_, scale_, change_));
        const auto& gram = problem_.inputs.statistics[static_cast<std::size_t>(inputSite(role_))]->gram;
        energy_.resize(static_cast<std::size_t>(count));
        QS_TRY(kernelStatus(kernels::weightedError(change_.values.data(), count, change_.columns, gram.values.data(),
                                                   energy_.data(), problem_.job.stopToken()),
                            "searching scales"));
        row = 0;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            losses[i] = 0.0;
            for (std::int64_t n = 0; n < rowsOf(pieces[i]); ++n) losses[i] += energy_[static_cast<std::size_t>(row++)];
        }
        return {};
    }

private:
    static constexpr std::int64_t kRows = 4;
    std::int64_t rowsOf(std::int64_t piece) const { return std::min(kRows, rows_ - piece * kRows); }

    const AwqProblem& problem_;
    LinearRole role_;
    std::int64_t rows_;
    std::vector<float> scale_;
    Matrix rows_at_hand_;
    Matrix change_;
    std::vector<double> energy_;
};

}  // namespace

std::unique_ptr<AwqModule> awqLinear(const AwqProblem& problem, LinearRole role) {
    return std::make_unique<LinearModule>(problem, role);
}

}  // namespace quantoscope
