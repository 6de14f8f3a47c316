// What each linear costs the model at each bit width, from runs of one method at several widths and a measurement at
// one of them, and what follows from it: the bits each linear should get for a size (docs/mixed-bits.md).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/mixed_bits/assign_bits.h"
#include "core/mixed_bits/layer_bits.h"
#include "core/run_store/run_folder.h"

namespace quantoscope {

struct LinearSensitivity {
    std::int64_t block = 0;
    LinearRole role = LinearRole::q_proj;
    std::int64_t weights = 0;
    LinearChoices choices;  ///< one per width, fewest bits first
};

/// A run of the method: what its bits predict beside what was measured.
struct MeasuredLoss {
    std::string configuration;
    std::int64_t bits = 0;
    bool mixed = false;
    std::int64_t size_bits = 0;
    double loss = 0.0;                               ///< predicted: the sum over its linears
    std::optional<double> perplexity = {};           ///< on the text the most runs were scored on
    std::optional<double> expected_perplexity = {};  ///< what expectedPerplexity says of its predicted loss
};

struct Sensitivity {
    std::string method;
    OptionValues options;  ///< complete but for "bits"
    std::vector<std::int64_t> widths;
    std::vector<std::int64_t> collapsed_widths;  ///< run, but left out: at these the whole model does not work
    std::vector<std::int64_t> measured_widths;   ///< of these, where each linear was quantized alone
    std::int64_t block_count = 0;
    std::int64_t weights = 0;
    std::vector<LinearSensitivity> linears;  ///< by block, then LinearRole
    std::vector<MeasuredLoss> measured;      ///< the widths in order, then mixed runs
    std::string benchmark;                   ///< of the perplexities; empty: none was measured
    std::map<std::string, std::string> protocol;
    std::optional<double> original_perplexity = {};
    bool calibrated = false;  ///< losses are shares of the rise of log perplexity; else divergences as measured

    double bitsPerWeight(std::int64_t size_bits) const {
        return weights > 0 ? static_cast<double>(size_bits) / static_cast<double>(weights) : 0.0;
    }
};

/// From the finished runs of the folder that have the method and options of `configuration` (which may be empty where
/// only one method was run at several widths). At least one of them must have been measured: the error says how.
Result<Sensitivity> readSensitivity(const RunFolder& run, const std::string& configuration, const JobContext& job);

/// The run that is measured best where none is named: of the method's widths the least from 3 bits on.
Result<std::string> runToMeasure(const RunFolder& run, const std::string& configuration);

/// Adds the finished mixed runs of the same method and options in another folder, to compare them with what was
/// predicted.
Status addMeasuredRuns(const RunFolder& other, Sensitivity& sensitivity);

/// The perplexity at which a model with this predicted loss is expected. Nothing without a scored original and a scored
/// run that is worse.
std::optional<double> expectedPerplexity(const Sensitivity& sensitivity, double loss);

struct AssignedBits {
    BitsTable bits;
    std::int64_t base = 0;  ///< the width of most linears
    LayerBits rules;        ///< those that differ from it
    std::int64_t size_bits = 0;
    double loss = 0.0;
};
/// A linear at these bits; LayerBitsRule::kSkip: left as it is. Nothing: not measured.
std::optional<BitChoice> choiceOf(const LinearSensitivity& linear, std::int64_t bits);
/// The linears' choices once the pins hold: a pinned linear has one. A pin to a width that was not measured is an
/// error.
Result<std::vector<LinearChoices>> pinnedChoices(const Sensitivity& sensitivity, std::span<const LayerBitsRule> pins);
/// The least predicted loss in the budget, with the pins kept.
Result<AssignedBits> assignFor(const Sensitivity& sensitivity, std::int64_t budget_bits,
                               std::span<const LayerBitsRule> pins, const JobContext& job);

}  // namespace quantoscope
