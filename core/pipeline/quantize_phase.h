// Pushes the calibration data through the model block by block and solves every configuration while a block is at hand.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/device/compute_device.h"
#include "core/methods/method.h"
#include "core/pipeline/block_stream.h"
#include "core/pipeline/inherited_errors.h"
#include "core/pipeline/memory_meter.h"
#include "core/pipeline/progress_meter.h"
#include "core/pipeline/recipe.h"
#include "core/run_store/run_folder.h"

namespace quantoscope {

struct QuantizeInputs {
    std::shared_ptr<const WeightSource> weights;
    Precision precision = Precision::bfloat16;
    std::vector<std::vector<std::int32_t>> windows;  ///< calibration sequences of equal length; empty: no data
    std::string provenance;                          ///< everything but the block's own weights and the configuration
    std::vector<Configuration> configurations;
    std::int64_t block_limit = -1;    ///< solve only the blocks before this one; -1: all
    ComputeDevice* device = nullptr;  ///< where blocks compute; null: on the CPU
};

class QuantizePhase {
public:
    QuantizePhase(QuantizeInputs inputs, std::shared_ptr<RunFolder> run, ProgressMeter& progress)
        : inputs_(std::move(inputs)), run_(std::move(run)), progress_(progress) {}

    /// Blocks that are finished are not solved again; what they were made from is compared first.
    Status run(JobContext& job);

private:
    struct Work {
        Configuration configuration;
        const MethodDescription* method = nullptr;
        ConfigurationInfo info;
        std::vector<bool> finished;                     // by block
        std::unique_ptr<BlockStream> own;               // for methods that propagate quantized blocks
        std::chrono::steady_clock::time_point noted{};  // when `info` was last written
        bool pendingFrom(std::int64_t block) const;
    };

    std::int64_t blockCount() const;
    Status prepare();
    Status embed();
    Status runBlock(std::int64_t block, JobContext& job);
    Status runShared(std::int64_t block, JobContext& job);
    Status runOwn(Work& work, std::int64_t block, JobContext& job);
    Status solve(Work& work, BlockStream& stream, StreamContext::Access access, std::int64_t block, JobContext& job);
    Status noteProgress(Work& work);
    Result<LayerRecord> analyse(BlockStream& stream, const QuantizedBlock& quantized, std::int64_t block,
                                JobContext& job);
    Status sendOn(const Work& work, std::int64_t block, const QuantizedBlock& quantized, JobContext& job);
    void enterInherited(const Work& work, LayerRecord& record) const;
    Status checkProvenance(const Work& work, std::int64_t block);
    Result<std::string> provenance(const Work& work, std::int64_t block);
    Status finish(Work& work);
    void leave(const Error& error);

    QuantizeInputs inputs_;
    std::shared_ptr<RunFolder> run_;
    ProgressMeter& progress_;
    MemoryMeter memory_;
    std::vector<Work> works_;
    std::unique_ptr<BlockStream> shared_;
    std::optional<InheritedErrors> inherited_;  // with calibration data
    std::int64_t hashed_block_ = -1;
    std::string block_hash_;
};

}  // namespace quantoscope
