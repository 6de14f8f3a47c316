// How much of a block's error was there before the block: the first calibration sequence goes through the original
// model and, beside it, through the quantized blocks of every configuration. Definitions: docs/error-anatomy.md.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/methods/method.h"
#include "core/model/activations.h"
#include "core/model/decoder_block.h"
#include "core/model/weight_source.h"

namespace quantoscope {

/// Tokens of the first calibration sequence that are followed: what comes after them cannot change them.
inline constexpr std::int64_t kFollowedTokens = 256;

/// By LinearRole: |W (x' - x)|^2 / |W x|^2 over the followed tokens, x and x' the linear's inputs in the original block
/// when the blocks before are original and quantized; 0 in the first block, not a number where |W x| is 0.
using InheritedByLinear = std::array<double, 7>;

/// Holds no block between its calls: the one that is being solved has the memory for itself.
class InheritedErrors {
public:
    /// `embedded`: the calibration sequences before the first block, at least one.
    InheritedErrors(std::shared_ptr<const WeightSource> weights, Precision precision, const Activations& embedded);

    /// Follows a configuration from the first block on.
    void follow(const std::string& configuration) { inputs_[configuration] = original_; }
    void leave(const std::string& configuration);
    /// Measures block `index` for every configuration that is followed; blocks in order, from 0. Each costs a pass of
    /// the followed tokens through the block and one through its linears.
    Status enterBlock(std::int64_t index, JobContext& job);
    /// Of the block entered last; null for a configuration that is not followed.
    const InheritedByLinear* of(const std::string& configuration) const;
    /// Sends a configuration on through its quantized block. Once per configuration and block.
    Status advance(const std::string& configuration, const QuantizedBlock& quantized, JobContext& job);

private:
    using Sites = std::array<Matrix, 4>;  // by InputSite: tokens x columns
    static Result<Sites> sites(const DecoderBlock& block, const Activations& input, Activations* output,
                               JobContext& job);
    Result<double> energy(const DecoderBlock& block, LinearRole role, const Matrix& input, JobContext& job);
    Result<DecoderBlock> dressed(const QuantizedBlock& quantized) const;

    std::shared_ptr<const WeightSource> weights_;
    Precision precision_;
    Activations original_;
    std::map<std::string, Activations> inputs_;
    std::map<std::string, InheritedByLinear> measured_;
    std::int64_t index_ = -1;
    std::vector<float> outputs_;  // of one linear
};

}  // namespace quantoscope
