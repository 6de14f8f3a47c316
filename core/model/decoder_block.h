// One LLaMA decoder block, ready to compute. The same block serves calibration, evaluation and generation: capturing
// inputs and exchanging weights are things done to it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/model/activations.h"
#include "core/model/model_config.h"
#include "core/model/weight_source.h"
#include "core/tensor/matrix.h"

namespace quantoscope {

/// Arithmetic of the matrix products: float32 exactly, or bfloat16 operands with float32 accumulation.
enum class Precision { float32, bfloat16 };

/// The input of the linears at one site for a run of tokens: rows x columns, row-major. In bfloat16 precision the
/// values are those the product really sees (rounded to bfloat16) and `bfloat16` points at them; else `float32` does.
struct SiteInput {
    InputSite site;
    std::int64_t first_sequence;  ///< index of the sequence the first row belongs to
    std::int64_t rows;
    std::int64_t columns;
    const float* float32 = nullptr;
    const std::uint16_t* bfloat16 = nullptr;
};
using SiteObserver = std::function<Status(const SiteInput&)>;

struct RequestLayout;  // requests of any length side by side; see core/model/scoring/request_layout.h
struct TokenPack;
namespace kernels {
struct RotaryTable;
}
struct KeyValueCache;  // keys and values of one block for generation; see core/model/generator.h

class DecoderBlock {
public:
    /// Reads and prepares the nine tensors of block `index`.
    static Result<DecoderBlock> load(const WeightSource& weights, std::int64_t index, Precision precision);
    DecoderBlock(DecoderBlock&&) noexcept;
    DecoderBlock& operator=(DecoderBlock&&) noexcept;
    ~DecoderBlock();

    /// Replaces a linear or a norm by other values of the same shape (a quantized linear, a folded norm).
    Status setLinear(LinearRole role, const Matrix& weight);
    Status setInputNorm(std::span<const float> weight);
    Status setPostAttentionNorm(std::span<const float> weight);

    /// One linear alone, y = x W^T: `x` tokens x its columns, `y` tokens x its rows.
    Status multiply(LinearRole role, const Matrix& x, std::span<float> y, const JobContext& job) const;

    /// Pushes every sequence through the block, positions 0 .. length-1, causal. `input` and `output` may be the same
    /// object; `output` null computes only as far as `last_site` needs. The observer is called once per site and group
    /// of sequences, in a fixed order. Same input, device and thread count give the same bytes.
    Status forward(const Activations& input, Activations* output, const SiteObserver& observer, JobContext& job,
                   std::optional<InputSite> last_site = std::nullopt) const;

    /// Pushes packs of requests through the block in place: `hidden` holds the packs' tokens, `rotary` the positions
    /// from 0 on. Every token gets the bytes that forward() gives it in a sequence of its own.
    Status forwardPacks(std::span<float> hidden, const RequestLayout& layout, std::span<const TokenPack> packs,
                        const kernels::RotaryTable& rotary, const JobContext& job) const;

    /// Generation: `hidden` holds `tokens` new positions that follow those in the cache.
    Status forwardCached(std::span<float> hidden, std::int64_t tokens, KeyValueCache& cache) const;

private:
    struct State;
    explicit DecoderBlock(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace quantoscope
