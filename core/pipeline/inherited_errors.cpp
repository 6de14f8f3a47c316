#include "core/pipeline/inherited_errors.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/convert_float/convert_float.h"

namespace quantoscope {
namespace {

Activations beginning(const Activations& sequences) {
    const auto length = std::min(sequences.sequence_length, kFollowedTokens);
    Activations first(1, length, sequences.hidden_size);
    std::ranges::copy(sequences.sequence(0).first(first.values.size()), first.values.begin());
    return first;
}

Matrix copyOf(const SiteInput& input) {
    Matrix rows(input.rows, input.columns);
    if (input.bfloat16 != nullptr)
        kernels::bfloat16ToFloat(input.bfloat16, rows.values.data(), rows.values.size());
    else
        std::copy_n(input.float32, rows.values.size(), rows.values.begin());
    return rows;
}

}  // namespace

InheritedErrors::InheritedErrors(std::shared_ptr<const WeightSource> weights, Precision precision,
                                 const Activations& embedded)
    : weights_(std::move(weights)), precision_(precision), original_(beginning(embedded)) {}

const InheritedByLinear* InheritedErrors::of(const std::string& configuration) const {
    const auto found = measured_.find(configuration);
    return found == measured_.end() ? nullptr : &found->second;
}

void InheritedErrors::leave(const std::string& configuration) {
    inputs_.erase(configuration);
    measured_.erase(configuration);
}

Status InheritedErrors::enterBlock(std::int64_t index, JobContext& job) {
    const TimedPhase timed(job.times(), "inherited");
    index_ = index;
    QS_ASSIGN(const auto block, DecoderBlock::load(*weights_, index, precision_));
    for (auto& [id, input] : inputs_) measured_[id].fill(0.0);
    if (index == 0) return block.forward(original_, &original_, {}, job);
    Activations output;
    QS_ASSIGN(const auto wanted, sites(block, original_, &output, job));
    original_ = std::move(output);
    InheritedByLinear signal{};
    for (const auto role : kLinearRoles) {
        QS_ASSIGN(signal[static_cast<std::size_t>(role)],
                  energy(block, role, wanted[static_cast<std::size_t>(inputSite(role))], job));
    }
    for (auto& [id, input] : inputs_) {
        QS_ASSIGN(auto found, sites(block, input, nullptr, job));
        for (std::size_t site = 0; site < found.size(); ++site)
            std::ranges::transform(found[site].values, wanted[site].values, found[site].values.begin(),
                                   [](float seen, float expected) { return seen - expected; });
        for (const auto role : kLinearRoles) {
            const auto linear = static_cast<std::size_t>(role);
            QS_ASSIGN(const double noise, energy(block, role, found[static_cast<std::size_t>(inputSite(role))], job));
            measured_[id][linear] =
                signal[linear] > 0.0 ? noise / signal[linear] : std::numeric_limits<double>::quiet_NaN();
        }
    }
    return {};
}

Result<InheritedErrors::Sites> InheritedErrors::sites(const DecoderBlock& block, const Activations& input,
                                                      Activations* output, JobContext& job) {
    Sites seen;
    const SiteObserver observer = [&](const SiteInput& rows) -> Status {
        seen[static_cast<std::size_t>(rows.site)] = copyOf(rows);
        return {};
    };
    QS_TRY(block.forward(input, output, observer, job, InputSite::mlp_hidden));
    return seen;
}

Result<double> InheritedErrors::energy(const DecoderBlock& block, LinearRole role, const Matrix& input,
                                       JobContext& job) {
    outputs_.resize(static_cast<std::size_t>(input.rows * linearRows(weights_->config(), role)));
    QS_TRY(block.multiply(role, input, outputs_, job));
    double sum = 0.0;
    for (const float value : outputs_) sum += static_cast<double>(value) * static_cast<double>(value);
    return sum;
}

/// The block as the configuration left it: its linears, and the norms it folded scales into.
Result<DecoderBlock> InheritedErrors::dressed(const QuantizedBlock& quantized) const {
    QS_ASSIGN(auto block, DecoderBlock::load(*weights_, index_, precision_));
    for (const auto role : kLinearRoles)
        if (const auto& tensor = quantized.linears[static_cast<std::size_t>(role)])
            QS_TRY(block.setLinear(role, tensor->dequantize()));
    const auto& vectors = quantized.vectors;
    if (const auto folded = vectors.find(inputNormName(index_)); folded != vectors.end())
        QS_TRY(block.setInputNorm(folded->second));
    if (const auto folded = vectors.find(postAttentionNormName(index_)); folded != vectors.end())
        QS_TRY(block.setPostAttentionNorm(folded->second));
    return block;
}

Status InheritedErrors::advance(const std::string& configuration, const QuantizedBlock& quantized, JobContext& job) {
    const auto input = inputs_.find(configuration);
    if (input == inputs_.end()) return {};
    const TimedPhase timed(job.times(), "inherited");
    QS_ASSIGN(const auto block, dressed(quantized));
    return block.forward(input->second, &input->second, {}, job);
}

}  // namespace quantoscope
