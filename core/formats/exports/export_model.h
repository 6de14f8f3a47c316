// What every exporter works on: the source opened, its quantized blocks read one at a time and checked as they come.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/formats/exporter.h"

namespace quantoscope::exports {

class ExportModel;
/// Called for each block that is read, before anybody uses it.
using BlockCheck = std::function<Status(const ExportModel&, const QuantizedBlock&, std::int64_t block)>;

class ExportModel {
public:
    /// Fails for models that exports cannot carry whole: no config, a vision tower that is not there, biases.
    static Result<std::shared_ptr<ExportModel>> open(const ExportSource& source, BlockCheck check);

    const ExportSource& source() const { return source_; }
    const ModelConfig& config() const { return weights_->config(); }
    const WeightSource& weights() const { return *weights_; }
    /// A tensor of the text model as the source's checkpoint spells it, "language_model.model.norm.weight"; other names
    /// are spelled so already. Packed parts of a linear follow it.
    std::string storedName(const std::string& name) const;
    /// The block after `check`; kept until another one is asked for. Not thread-safe.
    Result<const QuantizedBlock*> block(std::int64_t index);
    /// One of its linears; an error when it was left unquantized.
    Result<const QuantizedTensor*> linear(std::int64_t block, LinearRole role);

private:
    ExportModel(const ExportSource& source, std::shared_ptr<const WeightSource> weights, BlockCheck check)
        : source_(source), weights_(std::move(weights)), check_(std::move(check)) {}
    void learnSpelling();

    ExportSource source_;
    std::shared_ptr<const WeightSource> weights_;
    BlockCheck check_;
    std::string body_prefix_ = "model.";    ///< of the text model's tensors, without the head
    std::string head_prefix_ = "lm_head.";  ///< of the head
    std::int64_t held_index_ = -1;
    QuantizedBlock held_;
};

/// A tensor that keeps its dense form: embedding, norms, head, everything of the vision tower and the projector.
struct DenseTensor {
    std::string name;
    std::vector<std::int64_t> shape;
    std::optional<std::int64_t> block;  ///< of a norm inside a block, whose values a method may have folded scales into
    std::optional<std::size_t> stored;  ///< index among the source's tensors of one that no method touches
};
std::vector<DenseTensor> denseTensors(const ExportModel& model);
/// Does the source hold a vision tower?
bool hasVision(const ModelFiles& model);

}  // namespace quantoscope::exports
