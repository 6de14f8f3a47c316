#include "core/mixed_bits/sensitivity.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/mixed_bits/divergence_file.h"
#include "core/mixed_bits/sensitivity_runs.h"

namespace quantoscope {
namespace {

/// tr(D G D^T) / tr(W G W^T); without calibration data the same with the identity for G.
Result<double> lossOf(const LinearRecord& linear, std::int64_t block) {
    const auto output = linear.metrics.find("relative_output_error");
    if (output != linear.metrics.end()) return output->second;
    const auto weight = linear.metrics.find("relative_weight_error");
    if (weight != linear.metrics.end()) return weight->second * weight->second;
    return failure("the run recorded no error of " + linearPath(block, linear.role));
}

/// Choices' losses are the recorded errors so far.
Status addWidth(const RunFolder& run, const ConfigurationInfo& info, const JobContext& job, Sensitivity& sensitivity) {
    const bool first = sensitivity.linears.empty();
    std::size_t index = 0;
    for (std::int64_t block = 0; block < info.block_count; ++block) {
        QS_TRY(job.checkStop());
        QS_ASSIGN(const auto record, run.layerMetrics(info.id, block));
        for (const auto& linear : record.linears) {
            const auto weights = linear.rows * linear.columns;
            const auto bits = linear.metrics.find("bits_per_weight");
            QS_ASSIGN(const double loss, lossOf(linear, block));
            if (first) sensitivity.linears.push_back({block, linear.role, weights, {}});
            const bool fits = index < sensitivity.linears.size() && bits != linear.metrics.end() &&
                              sensitivity.linears[index].block == block &&
                              sensitivity.linears[index].role == linear.role && std::isfinite(bits->second) &&
                              std::isfinite(loss);
            if (!fits)
                return failure("the runs of the folder do not have the same linears, or one of them is damaged",
                               run.path().string(), info.id + ", " + linearPath(block, linear.role));
            sensitivity.linears[index++].choices.push_back(
                {bitsOf(info), std::llround(bits->second * static_cast<double>(weights)), std::max(0.0, loss)});
        }
    }
    if (index == sensitivity.linears.size()) return {};
    return failure("the runs of the folder do not have the same linears", run.path().string(), info.id);
}

struct MeasuredWidth {
    std::int64_t bits = 0;
    LinearDivergences divergences;
};

/// Errors of every width, and divergences of those where each linear was quantized alone.
Result<std::vector<MeasuredWidth>> readWidths(const RunFolder& run, const std::vector<const Member*>& family,
                                              const JobContext& job, Sensitivity& sensitivity) {
    std::vector<MeasuredWidth> measured;
    for (const auto* member : family) {
        if (!member->info.layer_bits.empty()) continue;
        QS_TRY(addWidth(run, member->info, job, sensitivity));
        sensitivity.widths.push_back(bitsOf(member->info));
        QS_ASSIGN(auto divergences, readDivergences(divergencePath(run.path(), member->info.id)));
        if (!divergences) continue;
        sensitivity.measured_widths.push_back(bitsOf(member->info));
        measured.push_back({bitsOf(member->info), std::move(*divergences)});
    }
    if (measured.empty())
        return failure("the sensitivity of the linears has not been measured yet: quantoscope-worker sensitivity RUN",
                       run.path().string());
    return measured;
}

/// The divergence itself where it was measured; elsewhere that of the nearest such width, in the ratio of the recorded
/// errors.
Status weighChoices(const std::vector<MeasuredWidth>& measured, const std::string& folder, LinearSensitivity& linear) {
    const auto errors = linear.choices;
    for (auto& choice : linear.choices) {
        const auto nearest = std::ranges::min_element(
            measured, {}, [&](const MeasuredWidth& width) { return std::abs(width.bits - choice.bits); });
        const auto divergence = nearest->divergences.divergence.find({linear.block, linear.role});
        const auto error = std::ranges::find(errors, nearest->bits, &BitChoice::bits);
        if (divergence == nearest->divergences.divergence.end() || error == errors.end())
            return failure(
                "the measured sensitivity lacks " + linearPath(linear.block, linear.role) + "; measure it again",
                folder);
        const double ratio = choice.bits == nearest->bits ? 1.0 : error->loss > 0.0 ? choice.loss / error->loss : 0.0;
        choice.loss = divergence->second * ratio;
    }
    return {};
}

std::optional<MeasuredLoss> predicted(const Sensitivity& sensitivity, const ConfigurationInfo& info) {
    const auto rules = parseLayerBits(info.layer_bits);
    if (!rules) return std::nullopt;
    MeasuredLoss measured{info.id, bitsOf(info), !info.layer_bits.empty(), 0, 0.0};
    for (const auto& linear : sensitivity.linears) {
        const auto choice = choiceOf(linear, ruledBits(*rules, linear.block, linear.role).value_or(bitsOf(info)));
        if (!choice) return std::nullopt;
        measured.size_bits += choice->size_bits;
        measured.loss += choice->loss;
    }
    return measured;
}

constexpr const char* kPerplexity = "perplexity";

using Protocol = std::map<std::string, std::string>;

const Score* perplexityScore(const std::vector<Score>& scores, const std::string& benchmark, const Protocol& protocol) {
    const auto found = std::ranges::find_if(scores, [&](const Score& score) {
        return score.benchmark == benchmark && score.metric == kPerplexity && score.protocol == protocol;
    });
    return found == scores.end() ? nullptr : &*found;
}

/// The perplexity most of these runs share; null without any.
const Score* commonPerplexity(const std::vector<const Member*>& members) {
    const Score* best = nullptr;
    std::ptrdiff_t most = 0;
    for (const auto* member : members)
        for (const auto& score : member->scores) {
            if (score.metric != kPerplexity) continue;
            const auto count = std::ranges::count_if(members, [&](const Member* other) {
                return perplexityScore(other->scores, score.benchmark, score.protocol) != nullptr;
            });
            if (count > most) best = &score;
            most = std::max(most, count);
        }
    return best;
}

std::optional<double> perplexityOf(const std::vector<Score>& scores, const Sensitivity& sensitivity) {
    const auto* score = perplexityScore(scores, sensitivity.benchmark, sensitivity.protocol);
    if (score == nullptr || !(score->value > 0.0) || !std::isfinite(score->value)) return std::nullopt;
    return score->value;
}

void findPerplexity(const std::vector<const Member*>& members, const std::vector<Score>& original,
                    Sensitivity& sensitivity) {
    const auto* common = commonPerplexity(members);
    if (common == nullptr) return;
    sensitivity.benchmark = common->benchmark;
    sensitivity.protocol = common->protocol;
    sensitivity.original_perplexity = perplexityOf(original, sensitivity);
}

double widthLoss(const Sensitivity& sensitivity, std::int64_t bits) {
    double sum = 0.0;
    for (const auto& linear : sensitivity.linears)
        if (const auto choice = choiceOf(linear, bits)) sum += choice->loss;
    return sum;
}

/// What all linears together do at a width is more, or less, than the sum of what each does alone: the divergences of a
/// width are scaled so that they add up to the rise of log perplexity that its run shows; those of a width without one,
/// as the nearest width that has one.
void calibrate(const std::vector<const Member*>& members, Sensitivity& sensitivity) {
    std::map<std::int64_t, double> factors;
    for (const auto* member : members) {
        const auto perplexity = perplexityOf(member->scores, sensitivity);
        const double sum = widthLoss(sensitivity, bitsOf(member->info));
        if (!member->info.layer_bits.empty() || !perplexity || !sensitivity.original_perplexity || !(sum > 0.0))
            continue;
        const double rise = std::log(*perplexity / *sensitivity.original_perplexity);
        if (rise > 0.0) factors[bitsOf(member->info)] = rise / sum;
    }
    if (factors.empty()) return;
    sensitivity.calibrated = true;
    for (auto& linear : sensitivity.linears)
        for (auto& choice : linear.choices)
            choice.loss *= std::ranges::min_element(factors, {}, [&](const auto& factor) {
                               return std::abs(factor.first - choice.bits);
                           })->second;
}

void addMeasured(const std::vector<const Member*>& members, Sensitivity& sensitivity) {
    for (const auto* member : members) {
        auto measured = predicted(sensitivity, member->info);
        if (!measured) continue;
        measured->perplexity = perplexityOf(member->scores, sensitivity);
        measured->expected_perplexity = expectedPerplexity(sensitivity, measured->loss);
        sensitivity.measured.push_back(std::move(*measured));
    }
    std::ranges::stable_sort(sensitivity.measured, {}, &MeasuredLoss::mixed);
}

/// A width whose run has more than ten times the original's perplexity is left out: what its linears do alone says
/// nothing of what several of them do together.
void leaveOutCollapsed(Sensitivity& sensitivity) {
    constexpr double kCollapsed = 10.0;
    auto& widths = sensitivity.widths;
    for (const auto& run : sensitivity.measured) {
        const bool collapsed = !run.mixed && run.perplexity && sensitivity.original_perplexity &&
                               *run.perplexity > kCollapsed * *sensitivity.original_perplexity;
        if (!collapsed || widths.size() < 2) continue;
        sensitivity.collapsed_widths.push_back(run.bits);
        std::erase(widths, run.bits);
    }
    for (auto& linear : sensitivity.linears)
        std::erase_if(linear.choices,
                      [&](const BitChoice& choice) { return std::ranges::find(widths, choice.bits) == widths.end(); });
}

}  // namespace

std::optional<BitChoice> choiceOf(const LinearSensitivity& linear, std::int64_t bits) {
    if (bits == LayerBitsRule::kSkip) return BitChoice{bits, linear.weights * kUnquantizedBits, 0.0};
    const auto found = std::ranges::find(linear.choices, bits, &BitChoice::bits);
    return found == linear.choices.end() ? std::nullopt : std::optional(*found);
}

Result<Sensitivity> readSensitivity(const RunFolder& run, const std::string& configuration, const JobContext& job) {
    QS_ASSIGN(const auto finished, finishedRuns(run));
    QS_ASSIGN(const auto* chosen, chooseFamily(finished.members, configuration, run.path().string()));
    std::vector<const Member*> family;
    for (const auto& member : finished.members)
        if (sameFamily(member.info, *chosen)) family.push_back(&member);
    std::ranges::stable_sort(family, {}, [](const Member* member) { return bitsOf(member->info); });
    Sensitivity sensitivity;
    sensitivity.method = chosen->method;
    sensitivity.options = withoutBits(chosen->options);
    sensitivity.block_count = chosen->block_count;
    QS_ASSIGN(const auto measured, readWidths(run, family, job, sensitivity));
    for (auto& linear : sensitivity.linears) {
        QS_TRY(weighChoices(measured, run.path().string(), linear));
        sensitivity.weights += linear.weights;
    }
    findPerplexity(family, finished.original, sensitivity);
    calibrate(family, sensitivity);
    addMeasured(family, sensitivity);
    leaveOutCollapsed(sensitivity);
    return sensitivity;
}

Status addMeasuredRuns(const RunFolder& other, Sensitivity& sensitivity) {
    QS_ASSIGN(const auto finished, finishedRuns(other));
    for (const auto& [info, scores] : finished.members) {
        const bool same = info.method == sensitivity.method && withoutBits(info.options) == sensitivity.options &&
                          info.block_count == sensitivity.block_count;
        if (!same || info.layer_bits.empty()) continue;
        auto measured = predicted(sensitivity, info);
        if (!measured) continue;
        measured->perplexity = perplexityOf(scores, sensitivity);
        measured->expected_perplexity = expectedPerplexity(sensitivity, measured->loss);
        sensitivity.measured.push_back(std::move(*measured));
    }
    return {};
}

std::optional<double> expectedPerplexity(const Sensitivity& sensitivity, double loss) {
    if (!sensitivity.calibrated || !sensitivity.original_perplexity) return std::nullopt;
    return *sensitivity.original_perplexity * std::exp(loss);
}

}  // namespace quantoscope
