#include <algorithm>
#include <string>

#include "core/model/language_model.h"
#include "core/model/rope_frequencies.h"
#include "core/model/scoring/request_layout.h"
#include "core/model/scoring/target_nll.h"
#include "kernels/rotary_embedding/rotary_embedding.h"

namespace quantoscope {
namespace {

/// The residual stream that is held at a time. More tokens take more passes, each of which reads the whole model.
constexpr std::int64_t kPassBytes = std::int64_t{1} << 30;

/// Some packs on their way through the whole model.
class Pass {
public:
    Pass(const WeightSource& weights, const RequestLayout& layout, std::span<const TokenPack> packs)
        : weights_(weights), layout_(layout), packs_(packs) {}

    Result<std::vector<double>> run(Precision precision, JobContext& job) {
        const auto blocks = weights_.config().block_count;
        const auto steps = static_cast<double>(blocks) + 1.0;  // few positions need the head
        QS_TRY(embed());
        const auto rotary = kernels::rotaryTable(ropeInverseFrequencies(weights_.config()), 0,
                                                 std::max<std::int64_t>(1, layout_.longest));
        for (std::int64_t i = 0; i < blocks; ++i) {
            QS_TRY(job.checkStop());
            const auto part = job.part(static_cast<double>(i) / steps, static_cast<double>(i + 1) / steps);
            QS_ASSIGN(const auto block, DecoderBlock::load(weights_, i, precision));
            QS_TRY(block.forwardPacks(hidden_, layout_, packs_, rotary, part));
        }
        auto head = job.part(static_cast<double>(blocks) / steps, 1.0);
        const auto targets = std::span(layout_.targets).subspan(packs_.front().first_row, rowCount());
        return targetNll(weights_, scoredRows(), targets, precision, head);
    }

private:
    std::int64_t firstToken() const { return packs_.front().first_token; }
    std::size_t rowCount() const { return packs_.back().first_row + packs_.back().rows - packs_.front().first_row; }

    Status embed() {
        const auto last = packs_.back().first_token + packs_.back().tokens;
        const std::vector<std::vector<std::int32_t>> tokens{
            {layout_.ids.begin() + firstToken(), layout_.ids.begin() + last}};
        QS_ASSIGN(auto embedded, embedTokens(weights_, tokens));
        hidden_ = std::move(embedded.values);
        return {};
    }

    std::vector<float> scoredRows() const {
        const auto width = static_cast<std::size_t>(weights_.config().hidden_size);
        std::vector<float> rows(rowCount() * width);
        for (std::size_t i = 0; i < rowCount(); ++i) {
            const auto token = layout_.rows[packs_.front().first_row + i] - firstToken();
            std::copy_n(hidden_.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(token) * width), width,
                        rows.begin() + static_cast<std::ptrdiff_t>(i * width));
        }
        return rows;
    }

    const WeightSource& weights_;
    const RequestLayout& layout_;
    std::span<const TokenPack> packs_;
    std::vector<float> hidden_;
};

/// As many of the first packs as one pass holds, at least one.
std::size_t packsOfPass(std::span<const TokenPack> packs, std::int64_t hidden_size) {
    const auto limit = kPassBytes / (hidden_size * static_cast<std::int64_t>(sizeof(float)));
    std::int64_t tokens = packs.front().tokens;
    std::size_t count = 1;
    while (count < packs.size() && tokens + packs[count].tokens <= limit) tokens += packs[count++].tokens;
    return count;
}

std::vector<std::vector<double>> byRequest(std::span<const TokenRequest> requests, const std::vector<double>& nll) {
    std::vector<std::vector<double>> result;
    result.reserve(requests.size());
    auto next = nll.begin();
    for (const auto& request : requests) {
        auto& log_probabilities = result.emplace_back();
        for (std::size_t i = 0; i < request.scored.size(); ++i) log_probabilities.push_back(-*next++);
    }
    return result;
}

}  // namespace

Result<std::vector<std::vector<double>>> tokenLogProbabilities(const WeightSource& weights,
                                                               std::span<const TokenRequest> requests,
                                                               Precision precision, JobContext& job) {
    QS_TRY(checkRequests(requests, weights.config()));
    const auto layout = layOut(requests);
    std::vector<double> nll;
    nll.reserve(layout.targets.size());
    for (std::size_t first = 0; first < layout.packs.size();) {
        const auto rest = std::span(layout.packs).subspan(first);
        const auto count = packsOfPass(rest, weights.config().hidden_size);
        const auto total = static_cast<double>(layout.packs.size());
        auto part = job.part(static_cast<double>(first) / total, static_cast<double>(first + count) / total);
        QS_ASSIGN(const auto some, Pass(weights, layout, rest.first(count)).run(precision, part));
        nll.insert(nll.end(), some.begin(), some.end());
        first += count;
    }
    return byRequest(requests, nll);
}

}  // namespace quantoscope
