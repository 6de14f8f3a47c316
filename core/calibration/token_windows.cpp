#include "core/calibration/token_windows.h"

#include "core/calibration/python_random.h"

namespace quantoscope {

Result<std::vector<std::vector<std::int32_t>>> calibrationWindows(std::span<const std::int32_t> ids,
                                                                  std::int64_t samples, std::int64_t sequence_length,
                                                                  std::int64_t seed, Sampling sampling) {
    if (samples < 1 || sequence_length < 1)
        return usageError("Calibration needs at least one sample of at least one token.");
    const std::int64_t tokens = std::ssize(ids);
    const bool sequential = sampling == Sampling::sequential;
    const bool enough = sequential ? samples <= tokens / sequence_length : tokens > sequence_length;
    if (!enough) {
        const std::string needed = sequential ? std::to_string(samples) + " sequential samples of " +
                                                    std::to_string(sequence_length) + " need " +
                                                    std::to_string(samples) + " x " + std::to_string(sequence_length)
                                              : "random samples of " + std::to_string(sequence_length) + " need " +
                                                    std::to_string(sequence_length + 1);
        return failure("The calibration text has " + std::to_string(tokens) + " tokens, but " + needed +
                       "; use a longer text, fewer samples or a shorter sequence length.");
    }
    PythonRandom random(seed);
    std::vector<std::vector<std::int32_t>> windows;
    windows.reserve(static_cast<std::size_t>(std::min(samples, tokens)));
    for (std::int64_t i = 0; i < samples; ++i) {
        const std::int64_t start = sequential ? i * sequence_length : random.randInt(0, tokens - sequence_length - 1);
        const auto window = ids.subspan(static_cast<std::size_t>(start), static_cast<std::size_t>(sequence_length));
        windows.emplace_back(window.begin(), window.end());
    }
    return windows;
}

}  // namespace quantoscope
