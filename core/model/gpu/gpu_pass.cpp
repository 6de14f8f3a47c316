#include "core/model/gpu/gpu_pass.h"

#include <algorithm>

#include "core/device/gpu_layout.h"
#include "core/model/block_work.h"
#include "kernels/attention/attention.h"
#include "kernels/rotary_embedding/rotary_embedding.h"

namespace quantoscope {
namespace {

using kernels::MatmulOutput;

constexpr std::int64_t kChunkTokens = 16384;  // more fills no device better
constexpr std::int64_t kTileTokens = 2048;    // whose float32 results are kept at a time

}  // namespace

std::uint64_t GpuPass::lay(std::int64_t sequences, std::byte* memory) {
    const auto tokens = sequences * input_.sequence_length;
    const auto tile = std::min(tokens, kTileTokens);
    GpuLayout layout(memory);
    chunk_.residual = layout.piece<float>(tokens * config_.hidden_size);
    chunk_.normed = layout.piece<std::uint16_t>(tokens * config_.hidden_size);
    chunk_.q = layout.piece<std::uint16_t>(tokens * queryWidth());
    chunk_.k = layout.piece<std::uint16_t>(tokens * keyWidth());
    chunk_.v = layout.piece<std::uint16_t>(tokens * keyWidth());
    chunk_.attended = layout.piece<std::uint16_t>(tokens * queryWidth());
    chunk_.hidden = layout.piece<std::uint16_t>(tokens * config_.intermediate_size);
    chunk_.first = layout.piece<float>(tile * std::max({queryWidth(), keyWidth(), config_.intermediate_size}));
    chunk_.second = layout.piece<float>(tile * config_.intermediate_size);
    const auto half = config_.head_dim / 2;
    chunk_.rotary = {layout.piece<float>(input_.sequence_length * half),
                     layout.piece<float>(input_.sequence_length * half), input_.sequence_length, half};
    return layout.bytes();
}

Status GpuPass::reserve() {
    const auto wanted = std::clamp<std::int64_t>(kChunkTokens / input_.sequence_length, 1, input_.sequence_count);
    for (chunk_sequences_ = wanted;; chunk_sequences_ /= 2) {
        const auto bytes = lay(chunk_sequences_, nullptr);
        if (chunk_sequences_ == 1) {
            QS_ASSIGN(memory_, gpu_.take(GpuMemory::activations, bytes,
                                         "a sequence of " + std::to_string(input_.sequence_length) + " tokens"));
            break;
        }
        QS_ASSIGN(const bool taken, gpu_.tryTake(GpuMemory::activations, bytes, memory_));
        if (taken) break;
    }
    if (chunk_sequences_ < wanted)
        gpu_.note("The GPU has little room: sequences go through a block " + std::to_string(chunk_sequences_) +
                  " at a time instead of " + std::to_string(wanted) + ".");
    lay(chunk_sequences_, memory_.as<std::byte>());
    return {};
}

Status GpuPass::uploadRotary() {
    const auto table = kernels::rotaryTable(block_.inverse_frequencies_, 0, input_.sequence_length);
    // Not pinned: the copies are staged, so the table may go.
    QS_TRY(gpu_.upload(const_cast<float*>(chunk_.rotary.cosine), table.cosine.data(),
                       table.cosine.size() * sizeof(float)));
    return gpu_.upload(const_cast<float*>(chunk_.rotary.sine), table.sine.data(), table.sine.size() * sizeof(float));
}

Status GpuPass::run(JobContext& job) {
    QS_TRY(reserve());
    QS_TRY(uploadRotary());
    for (std::int64_t first = 0; first < input_.sequence_count; first += chunk_sequences_) {
        QS_TRY(job.checkStop());
        QS_TRY(send(first));
        if (job.times() != nullptr)
            job.times()->countOperations(blockOperations(config_, sequences_, input_.sequence_length,
                                                         output_ != nullptr ? std::nullopt : last_site_));
    }
    return gpu_.synchronize();
}

Status GpuPass::send(std::int64_t first) {
    first_sequence_ = first;
    sequences_ = std::min(chunk_sequences_, input_.sequence_count - first);
    tokens_ = sequences_ * input_.sequence_length;
    const auto at = first * input_.sequence_length * input_.hidden_size;
    const auto bytes = static_cast<std::uint64_t>(tokens_ * input_.hidden_size) * sizeof(float);
    QS_TRY(gpu_.upload(chunk_.residual, input_.values.data() + at, bytes));
    QS_TRY(attention());
    QS_TRY(mlp());
    return output_ == nullptr ? Status{} : gpu_.download(output_->values.data() + at, chunk_.residual, bytes);
}

Status GpuPass::attention() {
    QS_TRY(normalise(block_.norms_.as<float>()));
    QS_TRY(observe(InputSite::attention_input, chunk_.normed));
    if (done(InputSite::attention_input)) return {};
    QS_TRY(projectAndRotate());
    QS_TRY(attend());
    QS_TRY(observe(InputSite::attention_output, chunk_.attended));
    if (done(InputSite::attention_output)) return {};
    return product(LinearRole::o_proj, chunk_.attended, tokens_, chunk_.residual, MatmulOutput::add);
}

Status GpuPass::mlp() {
    if (done(InputSite::attention_output)) return {};
    QS_TRY(normalise(block_.norms_.as<float>() + config_.hidden_size));
    QS_TRY(observe(InputSite::mlp_input, chunk_.normed));
    if (done(InputSite::mlp_input)) return {};
    QS_TRY(gateAndUp());
    QS_TRY(observe(InputSite::mlp_hidden, chunk_.hidden));
    if (output_ == nullptr) return {};
    return product(LinearRole::down_proj, chunk_.hidden, tokens_, chunk_.residual, MatmulOutput::add);
}

Status GpuPass::normalise(const float* weight) {
    return gpu_.call("a norm", &Gpu::Table::rmsNormBfloat16, static_cast<const float*>(chunk_.residual), weight,
                     static_cast<float>(config_.rms_norm_eps), tokens_, config_.hidden_size, chunk_.normed);
}

Status GpuPass::product(LinearRole role, const std::uint16_t* x, std::int64_t tokens, float* y, MatmulOutput output) {
    return gpu_.call("a matrix product", &Gpu::Table::matmulBfloat16, x, tokens, block_.linear(role),
                     linearRows(config_, role), linearColumns(config_, role), y, output);
}

Status GpuPass::rotate(const float* x, std::int64_t first, std::int64_t count, std::int64_t heads, std::uint16_t* y) {
    const auto stride = heads * config_.head_dim;
    return gpu_.call("the rotary embedding", &Gpu::Table::rotaryEmbeddingBfloat16, x, stride, count, heads,
                     &chunk_.rotary, y, stride, first % input_.sequence_length);
}

Status GpuPass::projectAndRotate() {
    for (std::int64_t t = 0; t < tokens_; t += kTileTokens) {
        const auto count = std::min(kTileTokens, tokens_ - t);
        const auto* x = chunk_.normed + t * config_.hidden_size;
        const float* wide = chunk_.first;
        QS_TRY(product(LinearRole::q_proj, x, count, chunk_.first, MatmulOutput::store));
        QS_TRY(rotate(wide, t, count, config_.head_count, chunk_.q + t * queryWidth()));
        QS_TRY(product(LinearRole::k_proj, x, count, chunk_.first, MatmulOutput::store));
        QS_TRY(rotate(wide, t, count, config_.kv_head_count, chunk_.k + t * keyWidth()));
        QS_TRY(product(LinearRole::v_proj, x, count, chunk_.first, MatmulOutput::store));
        QS_TRY(gpu_.call("rounding values", &Gpu::Table::floatToBfloat16, wide, count * keyWidth(),
                         chunk_.v + t * keyWidth()));
    }
    return {};
}

Status GpuPass::attend() {
    const kernels::AttentionShape shape{.sequence_count = sequences_,
                                        .query_count = input_.sequence_length,
                                        .key_count = input_.sequence_length,
                                        .head_count = config_.head_count,
                                        .kv_head_count = config_.kv_head_count,
                                        .head_dim = config_.head_dim};
    return gpu_.call("attention", &Gpu::Table::attentionBfloat16, &shape, chunk_.q, chunk_.k, chunk_.v,
                     chunk_.attended);
}

Status GpuPass::gateAndUp() {
    const auto width = config_.intermediate_size;
    for (std::int64_t t = 0; t < tokens_; t += kTileTokens) {
        const auto count = std::min(kTileTokens, tokens_ - t);
        const auto* x = chunk_.normed + t * config_.hidden_size;
        QS_TRY(product(LinearRole::gate_proj, x, count, chunk_.first, MatmulOutput::store));
        QS_TRY(product(LinearRole::up_proj, x, count, chunk_.second, MatmulOutput::store));
        QS_TRY(gpu_.call("the activation", &Gpu::Table::siluMultiplyBfloat16, chunk_.first, chunk_.second,
                         count * width, chunk_.hidden + t * width));
    }
    return {};
}

Status GpuPass::observe(InputSite site, const std::uint16_t* values) {
    if (!observer_ || (last_site_ && site > *last_site_)) return {};
    return observer_({site, first_sequence_, tokens_, siteColumns(config_, site), values});
}

}  // namespace quantoscope
