#include "core/model/decoder_block.h"

#include <algorithm>

#include "core/model/block_state.h"
#include "core/model/block_work.h"
#include "core/model/kernel_result.h"
#include "core/model/packed_linear.h"
#include "core/model/rope_frequencies.h"

namespace quantoscope {
namespace {

constexpr std::int64_t kGroupTokens = 2048;  // tokens that go through the block together

/// One residual stream, group by group. Element is what the products take.
template <typename Element>
Status forwardGroups(const BlockWeights& weights, const Activations& input, Activations* output, BlockPass pass,
                     const JobContext& job) {
    BlockMemory<Element> memory;
    kernels::AlignedBuffer<float> residual;
    const auto group = std::max<std::int64_t>(1, kGroupTokens / std::max<std::int64_t>(1, input.sequence_length));
    const auto sequence_size = input.sequence_length * input.hidden_size;
    if (output == nullptr && !residual.reserve(std::min(group, input.sequence_count) * sequence_size))
        return failure("not enough memory for the residual stream; take shorter sequences");
    for (std::int64_t first = 0; first < input.sequence_count; first += group) {
        QS_TRY(job.checkStop());
        pass.first_sequence = first;
        pass.sequences = std::min(group, input.sequence_count - first);
        pass.input = input.values.data() + first * sequence_size;
        pass.residual = output != nullptr ? output->values.data() + first * sequence_size : residual.data();
        QS_TRY(runBlock(weights, pass, memory));
        if (job.times() != nullptr)
            job.times()->countOperations(blockOperations(weights.config, pass.sequences, pass.length,
                                                         pass.whole ? std::nullopt : pass.last_site));
    }
    return {};
}

Status checkLength(std::size_t given, std::int64_t wanted, const char* what) {
    if (static_cast<std::int64_t>(given) == wanted) return {};
    return failure(std::string(what) + " has " + std::to_string(given) + " values where the block has " +
                   std::to_string(wanted));
}

}  // namespace

DecoderBlock::DecoderBlock(std::unique_ptr<State> state) : state_(std::move(state)) {}
DecoderBlock::DecoderBlock(DecoderBlock&&) noexcept = default;
DecoderBlock& DecoderBlock::operator=(DecoderBlock&&) noexcept = default;
DecoderBlock::~DecoderBlock() = default;

Result<DecoderBlock> DecoderBlock::load(const WeightSource& weights, std::int64_t index, Precision precision) {
    auto state = std::make_unique<State>();
    state->weights.config = weights.config();
    state->index = index;
    state->precision = precision;
    if (index < 0 || index >= state->weights.config.block_count)
        return failure("the model has no block " + std::to_string(index) + ": it has " +
                       std::to_string(state->weights.config.block_count));
    for (const auto role : kLinearRoles) {
        const auto name = linearPath(index, role) + ".weight";
        QS_ASSIGN(state->weights.linears[static_cast<std::size_t>(role)],
                  readPacked(weights, name, 0, linearRows(state->weights.config, role),
                             linearColumns(state->weights.config, role), precision));
    }
    QS_ASSIGN(state->weights.input_norm, weights.readVector(inputNormName(index)));
    QS_ASSIGN(state->weights.post_attention_norm, weights.readVector(postAttentionNormName(index)));
    QS_TRY(checkLength(state->weights.input_norm.size(), state->weights.config.hidden_size, "the input norm"));
    QS_TRY(checkLength(state->weights.post_attention_norm.size(), state->weights.config.hidden_size,
                       "the post-attention norm"));
    state->inverse_frequencies = ropeInverseFrequencies(state->weights.config);
    return DecoderBlock(std::move(state));
}

Status DecoderBlock::setLinear(LinearRole role, const Matrix& weight) {
    const auto rows = linearRows(state_->weights.config, role);
    const auto columns = linearColumns(state_->weights.config, role);
    if (weight.rows != rows || weight.columns != columns)
        return failure("a " + std::to_string(weight.rows) + " x " + std::to_string(weight.columns) +
                       " matrix cannot take the place of " + linearPath(state_->index, role) + ", which is " +
                       std::to_string(rows) + " x " + std::to_string(columns));
    kernels::PackedMatrix packed;
    QS_TRY(kernelResult(
        kernels::PackedMatrix::pack(weight.values.data(), rows, columns, matmulOperand(state_->precision), packed),
        linearPath(state_->index, role)));
    state_->weights.linears[static_cast<std::size_t>(role)] = std::move(packed);
    return {};
}

Status DecoderBlock::setInputNorm(std::span<const float> weight) {
    QS_TRY(checkLength(weight.size(), state_->weights.config.hidden_size, "the input norm"));
    state_->weights.input_norm.assign(weight.begin(), weight.end());
    return {};
}

Status DecoderBlock::setPostAttentionNorm(std::span<const float> weight) {
    QS_TRY(checkLength(weight.size(), state_->weights.config.hidden_size, "the post-attention norm"));
    state_->weights.post_attention_norm.assign(weight.begin(), weight.end());
    return {};
}

Status DecoderBlock::multiply(LinearRole role, const Matrix& x, std::span<float> y, const JobContext& job) const {
    const auto& linear = state_->weights.linears[static_cast<std::size_t>(role)];
    QS_TRY(checkLength(static_cast<std::size_t>(x.columns), linear.columns(), "the input of a linear"));
    QS_TRY(checkLength(y.size(), x.rows * linear.rows(), "the output of a linear"));
    return kernelResult(
        kernels::matmul(x.values.data(), x.rows, linear, y.data(), kernels::MatmulOutput::store, job.stopToken()),
        linearPath(state_->index, role));
}

Status DecoderBlock::forward(const Activations& input, Activations* output, const SiteObserver& observer,
                             JobContext& job, std::optional<InputSite> last_site) const {
    if (input.hidden_size != state_->weights.config.hidden_size)
        return failure("activations are " + std::to_string(input.hidden_size) + " wide where the block takes " +
                       std::to_string(state_->weights.config.hidden_size));
    if (output != nullptr && output != &input && output->values.size() != input.values.size())
        *output = Activations(input.sequence_count, input.sequence_length, input.hidden_size);
    if (output != nullptr) {
        output->sequence_count = input.sequence_count;
        output->sequence_length = input.sequence_length;
    }
    const auto rotary =
        kernels::rotaryTable(state_->inverse_frequencies, 0, std::max<std::int64_t>(1, input.sequence_length));
    BlockPass pass;
    pass.length = input.sequence_length;
    pass.whole = output != nullptr;
    pass.last_site = last_site;
    pass.observer = &observer;
    pass.rotary = &rotary;
    pass.stop = job.stopToken();
    auto* run = state_->precision == Precision::float32 ? forwardGroups<float> : forwardGroups<std::uint16_t>;
    return run(state_->weights, input, output, pass, job);
}

Status DecoderBlock::forwardCached(std::span<float> hidden, std::int64_t tokens, KeyValueCache& cache) const {
    QS_TRY(checkLength(hidden.size(), tokens * state_->weights.config.hidden_size, "the hidden state"));
    if (cache.length() + tokens > cache.capacity())
        return failure("the key/value cache is full: it has room for " + std::to_string(cache.capacity()) + " tokens");
    const auto rotary = kernels::rotaryTable(state_->inverse_frequencies, cache.length(), tokens);
    BlockPass pass;
    pass.input = hidden.data();
    pass.residual = hidden.data();
    pass.length = tokens;
    pass.rotary = &rotary;
    pass.cache = &cache;
    if (state_->precision == Precision::float32) return runBlock(state_->weights, pass, cache.memory->float32);
    return runBlock(state_->weights, pass, cache.memory->bfloat16);
}

}  // namespace quantoscope
