// The unit of work of weightedError: a panel of rows (private to kernels/weighted_error).
#pragma once

#include <cstdint>

namespace quantoscope::kernels {

inline constexpr std::int64_t kErrorBlock =
    128;  ///< columns k per pass: the panel's part stays in the first-level cache
inline constexpr std::int64_t kMostErrorRows = 48;

struct ErrorPanel {
    std::int64_t rows;
    /// Adds the share of columns k in [first, last) to `energy`; `panel` is columns x rows floats, `energy` rows
    /// doubles.
    void (*run)(const float* panel, std::int64_t columns, const float* gram, std::int64_t first, std::int64_t last,
                double* energy);
};
namespace simd_baseline {
ErrorPanel errorPanel();
}
namespace simd_avx2 {
ErrorPanel errorPanel();
}
namespace simd_avx512 {
ErrorPanel errorPanel();
}

}  // namespace quantoscope::kernels
