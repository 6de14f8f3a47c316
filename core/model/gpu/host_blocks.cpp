#include "core/model/gpu/host_blocks.h"

#include <algorithm>
#include <exception>

#include "core/model/kernel_result.h"
#include "kernels/convert_float/convert_float.h"

namespace quantoscope {
namespace {

constexpr std::int64_t kSliceElements = std::int64_t{1} << 18;  // 1 MiB of float32 at a time and thread

Status readSlice(const WeightSource& weights, const std::string& name, std::int64_t first, std::int64_t rows,
                 std::int64_t columns, std::uint16_t* to) {
    kernels::AlignedBuffer<float> values;
    const auto count = rows * columns;
    if (!values.reserve(count)) return kernelResult(kernels::KernelStatus::out_of_memory, "reading " + name);
    QS_TRY(weights.readRows(name, first, rows, {values.data(), static_cast<std::size_t>(count)}));
    kernels::floatToBfloat16(values.data(), to, static_cast<std::size_t>(count));
    return {};
}

Status checkNorm(const std::vector<float>& norm, const ModelConfig& config) {
    if (static_cast<std::int64_t>(norm.size()) == config.hidden_size) return {};
    return failure("a norm has " + std::to_string(norm.size()) + " values where the model is " +
                   std::to_string(config.hidden_size) + " wide");
}

Status readBlock(const WeightSource& weights, std::int64_t index, HostBlock& block, const std::stop_token& stop) try {
    const auto& config = weights.config();
    for (const auto role : kLinearRoles)
        QS_TRY(readBfloat16(weights, linearPath(index, role) + ".weight", 0, linearRows(config, role),
                            linearColumns(config, role), block.linears[static_cast<std::size_t>(role)].data(), stop));
    QS_ASSIGN(block.input_norm, weights.readVector(inputNormName(index)));
    QS_ASSIGN(block.post_attention_norm, weights.readVector(postAttentionNormName(index)));
    QS_TRY(checkNorm(block.input_norm, config));
    return checkNorm(block.post_attention_norm, config);
} catch (const std::exception& error) {  // nothing may leave the reading thread
    return failure("not enough memory to read block " + std::to_string(index), {}, error.what());
}

}  // namespace

Status readBfloat16(const WeightSource& weights, const std::string& name, std::int64_t first, std::int64_t count,
                    std::int64_t columns, std::uint16_t* to, const std::stop_token& stop) {
    const auto rows = std::max<std::int64_t>(1, kSliceElements / std::max<std::int64_t>(1, columns));
    const auto slices = (count + rows - 1) / rows;
    std::vector<Status> outcomes(static_cast<std::size_t>(slices));
#pragma omp parallel for schedule(static) if (slices > 1)
    for (std::int64_t slice = 0; slice < slices; ++slice) {
        const auto row = slice * rows;
        outcomes[static_cast<std::size_t>(slice)] =
            stop.stop_requested()
                ? Status(cancelled())
                : readSlice(weights, name, first + row, std::min(rows, count - row), columns, to + row * columns);
    }
    for (auto& outcome : outcomes) QS_TRY(std::move(outcome));
    return {};
}

HostBlocks::HostBlocks(std::shared_ptr<Gpu> gpu, const WeightSource& weights)
    : gpu_(std::move(gpu)), weights_(weights) {}

HostBlocks::~HostBlocks() {
    stop_.request_stop();
    for (auto& slot : slots_)
        if (slot.reading.valid()) slot.reading.wait();
}

Status HostBlocks::prepare(Slot& slot) {
    const auto& config = weights_.config();
    for (const auto role : kLinearRoles) {
        auto& values = slot.values.linears[static_cast<std::size_t>(role)];
        const auto count = linearRows(config, role) * linearColumns(config, role);
        if (values.capacity() == count) continue;
        if (!values.reserve(count)) return kernelResult(kernels::KernelStatus::out_of_memory, "the weights of a block");
        slot.pinned[static_cast<std::size_t>(role)] =
            PinnedRange(*gpu_, values.data(), static_cast<std::uint64_t>(count) * sizeof(std::uint16_t));
    }
    return {};
}

Status HostBlocks::begin(Slot& slot, std::int64_t index) {
    QS_TRY(wait(slot));
    QS_TRY(prepare(slot));
    slot.index = index;
    slot.reading = std::async(std::launch::async, [this, &slot, index] {
        return readBlock(weights_, index, slot.values, stop_.get_token());
    });
    return {};
}

Status HostBlocks::wait(Slot& slot) {
    if (!slot.reading.valid()) return {};
    auto outcome = slot.reading.get();
    if (!outcome) slot.index = -1;
    return outcome;
}

Result<const HostBlock*> HostBlocks::block(std::int64_t index) {
    const auto blocks = weights_.config().block_count;
    if (index < 0 || index >= blocks)
        return failure("the model has no block " + std::to_string(index) + ": it has " + std::to_string(blocks));
    auto& slot = slots_[static_cast<std::size_t>(index % 2)];
    auto& next = slots_[static_cast<std::size_t>((index + 1) % 2)];
    if (slot.index != index) QS_TRY(begin(slot, index));
    QS_TRY(wait(slot));
    if (index + 1 < blocks && next.index != index + 1) QS_TRY(begin(next, index + 1));
    return &slot.values;
}

}  // namespace quantoscope
