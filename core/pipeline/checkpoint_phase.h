// Compares other checkpoints with the run's model, block by block: the same records as of a quantized configuration,
// without quantizing anything.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/comparison/folded_scales.h"
#include "core/device/compute_device.h"
#include "core/model/weight_source.h"
#include "core/pipeline/block_stream.h"
#include "core/pipeline/progress_meter.h"
#include "core/pipeline/recipe.h"
#include "core/run_store/run_folder.h"

namespace quantoscope {

/// Weights of the checkpoint a configuration stands for, as its file means them; refused where its linears have other
/// shapes than the model's.
Result<std::shared_ptr<const WeightSource>> checkpointWeights(const std::string& checkpoint, const ModelConfig& model);

/// A linear of that checkpoint in the model's coordinates: scales that were folded into its neighbours are put back, as
/// they are when the run compares. `fingerprint` is what the run saw of the file, empty: not known; a file that is
/// another one now is an error.
Result<Matrix> checkpointLinear(const WeightSource& model, const std::string& checkpoint,
                                const std::string& fingerprint, std::int64_t block, LinearRole role,
                                const JobContext& job);

struct CheckpointInputs {
    std::shared_ptr<const WeightSource> weights;  ///< the model's
    Precision precision = Precision::bfloat16;
    std::vector<std::vector<std::int32_t>> windows;  ///< calibration sequences; empty: weights alone are compared
    std::string provenance;                          ///< everything but the checkpoint and the block
    std::vector<Configuration> configurations;       ///< those that are no checkpoints are left alone
    ComputeDevice* device = nullptr;                 ///< where blocks compute; null: on the CPU
};

class CheckpointPhase {
public:
    CheckpointPhase(CheckpointInputs inputs, std::shared_ptr<RunFolder> run, ProgressMeter& progress)
        : inputs_(std::move(inputs)), run_(std::move(run)), progress_(progress) {}

    /// Blocks that are finished are not compared again.
    Status run(JobContext& job);

private:
    struct Work {
        Configuration configuration;
        ConfigurationInfo info;
        std::shared_ptr<const WeightSource> weights;
        std::map<std::string, std::uint64_t, std::less<>> bytes;  // of every linear in the file
        std::string fingerprint;
        std::vector<bool> finished;
    };

    Status prepare();
    Status openWork(const Configuration& configuration);
    Status runBlock(std::int64_t block, JobContext& job);
    Status compare(Work& work, std::int64_t block, JobContext& job);
    Result<LinearRecord> compareOne(const Work& work, std::int64_t block, LinearRole role, const Unfolding& unfolding,
                                    JobContext& job);
    std::string provenance(const Work& work, std::int64_t block) const;
    Status finish(Work& work);
    void leave(const Error& error);
    bool pending() const;

    CheckpointInputs inputs_;
    std::shared_ptr<RunFolder> run_;
    ProgressMeter& progress_;
    std::vector<Work> works_;
    std::unique_ptr<BlockStream> stream_;
};

}  // namespace quantoscope
