// What a quantization method is: a described function of one block.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/option.h"
#include "core/base/result.h"
#include "core/methods/quantized_tensor.h"
#include "core/model/decoder_block.h"
#include "core/model/weight_source.h"

namespace quantoscope {

class Gpu;
class GpuBytes;

/// Second moments of one site's input over all calibration tokens.
struct SiteStatistics {
    Matrix gram;                          ///< C x C: sum over tokens of x x^T (float32)
    std::vector<float> mean_absolute;     ///< C: mean over tokens of |x|
    std::vector<float> maximum_absolute;  ///< C
    std::int64_t token_count = 0;
    std::int64_t sequence_count = 0;
    std::shared_ptr<const GpuBytes> gpu_gram;  ///< the same matrix on the GPU where the block computes there, else null
};

/// What a method may use of the block at hand. Implemented by the runner; a test can make one from plain data.
class BlockContext {
public:
    virtual ~BlockContext() = default;
    virtual const ModelConfig& config() const = 0;
    virtual std::int64_t blockIndex() const = 0;
    virtual Precision precision() const = 0;
    /// Where the block computes and a method may too; null: on the CPU.
    virtual Gpu* gpu() const { return nullptr; }
    /// Bits this linear is to have where the configuration's are `otherwise`; 0: it stays as it is.
    virtual std::int64_t linearBits(LinearRole, std::int64_t otherwise) const { return otherwise; }
    /// The linear's weights before quantization, float32 rows x columns.
    virtual Result<Matrix> weight(LinearRole role) = 0;
    virtual Result<std::vector<float>> inputNorm() = 0;
    virtual Result<std::vector<float>> postAttentionNorm() = 0;
    /// Statistics of the inputs as the block computes them now, i.e. with the linears replaced so far. Cached until the
    /// next replace() that changes them. Error when the run has no calibration data.
    virtual Result<const SiteStatistics*> statistics(InputSite site, JobContext& job) = 0;
    /// Says which sites will be asked for next, so that one pass through the block gathers them all. Optional.
    virtual Status gather(std::span<const InputSite> sites, JobContext& job) {
        for (const auto site : sites) QS_TRY(statistics(site, job));
        return {};
    }
    /// Exchanges a linear inside the block, so that later statistics see it (GPTQ's true-sequential order).
    virtual Status replace(LinearRole role, const Matrix& weight) = 0;
    struct InputShape {
        std::int64_t sequence_count = 0;
        std::int64_t sequence_length = 0;
    };
    /// Shape of the calibration input; zeros without data.
    virtual InputShape inputShape() const = 0;
    /// One pass of the calibration input through the block as it is now, every site's rows shown on the way; statistics
    /// not known yet are gathered with it. Error when the run has no calibration data.
    virtual Status observe(const SiteObserver& observer, JobContext& job) = 0;
};

/// A block after quantization.
struct QuantizedBlock {
    std::array<std::optional<QuantizedTensor>, 7> linears;  ///< by LinearRole; empty: left as it was
    std::map<std::string, std::vector<float>> vectors;      ///< norms that scales were folded into, by tensor name
    std::array<double, 7> solver_error{};  ///< the method's own error figure per linear, 0 when it has none
    std::vector<std::string> notes;        ///< said to the user ("damping raised to 0.03 in mlp.down_proj")
};

/// Which activations the calibration inputs of later blocks come from.
enum class Propagation {
    none,            ///< weights only, no data needed
    full_precision,  ///< the original model's
    quantized,       ///< this configuration's own quantized blocks
};

/// What a method's search takes of a machine, for the estimate of a run. What every run pays (a pass to see the inputs,
/// one to send them on, rounding, analysis, writing) is not counted here.
struct SearchCost {
    double passes = 0.0;  ///< work like passes of the calibration input through the block
    bool solves = false;  ///< factors second moments and solves column by column
};

/// Registry row. Nobody outside core/methods knows a method by its id.
struct MethodDescription {
    std::string id;
    std::string label;
    std::string summary;                     ///< one sentence
    std::string source;                      ///< paper and original implementation
    std::vector<OptionDescription> options;  ///< always includes "bits" and "group_size"
    Propagation propagation = Propagation::none;
    std::string hue;  ///< a colour "#rrggbb" that is the method's own in every view
    std::function<SearchCost(const OptionValues&)> search_cost;  ///< empty: searches nothing
    std::function<Result<QuantizedBlock>(BlockContext&, const OptionValues&, JobContext&)> quantize_block;
};

/// All methods, in the order they are shown.
const std::vector<MethodDescription>& methods();
/// By id; the error names the nearest known one.
Result<const MethodDescription*> findMethod(std::string_view id);

}  // namespace quantoscope
