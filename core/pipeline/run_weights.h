// A run's configuration seen as a model: the original weights with the quantized blocks laid over them.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "core/model/weight_source.h"
#include "core/run_store/run_folder.h"

namespace quantoscope {

class RunWeights final : public WeightSource {
public:
    RunWeights(std::shared_ptr<const WeightSource> original, std::shared_ptr<const RunFolder> run,
               std::string configuration)
        : original_(std::move(original)), run_(std::move(run)), configuration_(std::move(configuration)) {}

    const ModelConfig& config() const override { return original_->config(); }
    bool has(std::string_view name) const override { return original_->has(name); }
    Result<std::vector<std::int64_t>> shape(std::string_view name) const override { return original_->shape(name); }
    Status read(std::string_view name, std::span<float> values) const override;
    Status readRows(std::string_view name, std::int64_t first, std::int64_t count,
                    std::span<float> values) const override;

private:
    Result<std::shared_ptr<const QuantizedBlock>> block(std::int64_t index) const;
    std::unexpected<Error> doesNotFit(std::string_view name) const;

    std::shared_ptr<const WeightSource> original_;
    std::shared_ptr<const RunFolder> run_;
    std::string configuration_;
    // Blocks are read in order, by at most two threads: the last one is kept.
    mutable std::mutex mutex_;
    mutable std::int64_t cached_index_ = -1;
    mutable std::shared_ptr<const QuantizedBlock> cached_;
};

/// "model.layers.12.mlp.up_proj.weight" → block 12; -1 for tensors outside the blocks.
std::int64_t blockOfTensor(std::string_view name);

}  // namespace quantoscope
