// The perplexity benchmarks, described so that the command line, the form and the documentation list these rows.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace quantoscope {

struct BenchmarkDescription {
    std::string id;
    std::string label;
    std::string metric;  ///< "perplexity"
    std::string unit;    ///< empty: a plain number
    bool lower_is_better = true;
    std::string definition;  ///< how the number is made
    std::string help;        ///< which file it expects
    std::function<std::string(std::string_view file)>
        text;  ///< from the file's UTF-8 text to the text that is tokenized
};

const std::vector<BenchmarkDescription>& benchmarks();
/// The error names the known ids and the nearest one.
Result<const BenchmarkDescription*> findBenchmark(std::string_view id);

/// Non-overlapping windows of `window` ids from the start; the rest is dropped. `limit` 0 takes all. A text shorter
/// than one window is an error that says how many tokens there are. The views live as long as `ids`.
Result<std::vector<std::span<const std::int32_t>>> perplexityWindows(std::span<const std::int32_t> ids,
                                                                     std::int64_t window, std::int64_t limit);

/// exp of the mean of the windows' mean negative log-likelihoods: every window weighs the same. NaN when any window is
/// NaN, infinity when the mean is infinite or exp overflows; NaN for no window at all.
double perplexity(std::span<const double> window_nll);

}  // namespace quantoscope
