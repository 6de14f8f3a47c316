// Blocks on their way to a GPU: read and rounded to bfloat16 in pinned memory, the next one while the GPU computes.
#pragma once

#include <array>
#include <cstdint>
#include <future>
#include <memory>
#include <stop_token>
#include <vector>

#include "core/base/result.h"
#include "core/device/gpu.h"
#include "core/model/weight_source.h"
#include "kernels/base/aligned_buffer.h"

namespace quantoscope {

struct HostBlock {
    std::array<kernels::AlignedBuffer<std::uint16_t>, 7> linears;  ///< by LinearRole, rows x columns
    std::vector<float> input_norm;
    std::vector<float> post_attention_norm;
};

/// Rows [first, first + count) of a matrix as bfloat16, read by all threads at once. The source must be able to read
/// rows without reading the whole matrix.
Status readBfloat16(const WeightSource& weights, const std::string& name, std::int64_t first, std::int64_t count,
                    std::int64_t columns, std::uint16_t* to, const std::stop_token& stop);

class HostBlocks {
public:
    /// `weights` must outlive this.
    HostBlocks(std::shared_ptr<Gpu> gpu, const WeightSource& weights);
    ~HostBlocks();
    HostBlocks(const HostBlocks&) = delete;
    HostBlocks& operator=(const HostBlocks&) = delete;

    const std::shared_ptr<Gpu>& gpu() const { return gpu_; }
    /// Block `index`; begins to read the one after it. What it points to is there until another block than these two
    /// is asked for.
    Result<const HostBlock*> block(std::int64_t index);

private:
    struct Slot {
        std::int64_t index = -1;
        HostBlock values;
        std::array<PinnedRange, 7> pinned;
        std::future<Status> reading;
    };
    Status prepare(Slot& slot);
    Status begin(Slot& slot, std::int64_t index);
    static Status wait(Slot& slot);

    std::shared_ptr<Gpu> gpu_;
    const WeightSource& weights_;
    std::stop_source stop_;
    std::array<Slot, 2> slots_;
};

}  // namespace quantoscope
