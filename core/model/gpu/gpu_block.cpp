#include "core/model/gpu/gpu_block.h"

#include "core/model/gpu/gpu_pass.h"
#include "core/model/kernel_result.h"
#include "core/model/rope_frequencies.h"
#include "kernels/convert_float/convert_float.h"

namespace quantoscope {
namespace {

std::int64_t elements(const ModelConfig& config, LinearRole role) {
    return linearRows(config, role) * linearColumns(config, role);
}

}  // namespace

GpuBlock::GpuBlock(std::shared_ptr<Gpu> gpu, const ModelConfig& config, std::int64_t index)
    : gpu_(std::move(gpu)), config_(config), index_(index), inverse_frequencies_(ropeInverseFrequencies(config)) {}

Result<GpuBlock> GpuBlock::load(std::shared_ptr<Gpu> gpu, const ModelConfig& config, std::int64_t index,
                                const HostBlock& weights) {
    GpuBlock block(std::move(gpu), config, index);
    std::int64_t count = 0;
    for (const auto role : kLinearRoles) count += elements(config, role);
    const auto name = "the weights of block " + std::to_string(index);
    QS_ASSIGN(block.linears_,
              block.gpu_->take(GpuMemory::weights, static_cast<std::uint64_t>(count) * sizeof(std::uint16_t), name));
    QS_ASSIGN(block.norms_, block.gpu_->take(GpuMemory::weights,
                                             static_cast<std::uint64_t>(config.hidden_size) * 2 * sizeof(float), name));
    for (const auto role : kLinearRoles)
        QS_TRY(block.gpu_->upload(const_cast<std::uint16_t*>(block.linear(role)),
                                  weights.linears[static_cast<std::size_t>(role)].data(),
                                  static_cast<std::uint64_t>(elements(config, role)) * sizeof(std::uint16_t)));
    QS_TRY(block.setInputNorm(weights.input_norm));
    QS_TRY(block.setPostAttentionNorm(weights.post_attention_norm));
    QS_TRY(block.gpu_->synchronize());
    return block;
}

const std::uint16_t* GpuBlock::linear(LinearRole role) const {
    const auto* values = linears_.as<std::uint16_t>();
    for (const auto before : kLinearRoles) {
        if (before == role) break;
        values += elements(config_, before);
    }
    return values;
}

Status GpuBlock::setLinear(LinearRole role, const Matrix& weight) {
    if (weight.rows != linearRows(config_, role) || weight.columns != linearColumns(config_, role))
        return failure("a " + std::to_string(weight.rows) + " x " + std::to_string(weight.columns) +
                       " matrix cannot take the place of " + linearPath(index_, role));
    kernels::AlignedBuffer<std::uint16_t> bits;
    if (!bits.reserve(elements(config_, role)))
        return kernelResult(kernels::KernelStatus::out_of_memory, linearPath(index_, role));
    kernels::floatToBfloat16(weight.values.data(), bits.data(), weight.values.size());
    // Not pinned: the copy is staged, so the buffer may go.
    return gpu_->upload(const_cast<std::uint16_t*>(linear(role)), bits.data(),
                        weight.values.size() * sizeof(std::uint16_t));
}

Status GpuBlock::setNorm(float* to, std::span<const float> weight) {
    if (static_cast<std::int64_t>(weight.size()) != config_.hidden_size)
        return failure("a norm has " + std::to_string(weight.size()) + " values where the block is " +
                       std::to_string(config_.hidden_size) + " wide");
    return gpu_->upload(to, weight.data(), weight.size_bytes());
}

Status GpuBlock::setInputNorm(std::span<const float> weight) {
    return setNorm(norms_.as<float>(), weight);
}

Status GpuBlock::setPostAttentionNorm(std::span<const float> weight) {
    return setNorm(norms_.as<float>() + config_.hidden_size, weight);
}

Status GpuBlock::forward(const Activations& input, Activations* output, const GpuSiteObserver& observer,
                         JobContext& job, std::optional<InputSite> last_site) {
    if (input.hidden_size != config_.hidden_size)
        return failure("activations are " + std::to_string(input.hidden_size) + " wide where the block takes " +
                       std::to_string(config_.hidden_size));
    if (output != nullptr && output != &input)
        *output = Activations(input.sequence_count, input.sequence_length, input.hidden_size);
    if (input.sequence_count < 1 || input.sequence_length < 1) return {};
    GpuPass pass(*this, input, output, observer, last_site);
    return pass.run(job);
}

}  // namespace quantoscope
