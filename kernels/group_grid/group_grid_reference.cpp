#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/convert_float/convert_float.h"
#include "kernels/group_grid/group_grid.h"

namespace quantoscope::kernels {
namespace {

constexpr float kSmallestNormalHalf = 6.103515625e-05F;  // 2^-14
constexpr float kLargestHalf = 65504.0F;
constexpr int kSearchSteps = 80;
constexpr double kSearchGrid = 100.0;
constexpr float kSearchNorm = 2.4F;

float storedScale(float scale, const GridOptions& options) {
    if (!options.float16_scales) return scale;
    const float rounded = halfToFloat(floatToHalf(std::min(scale, kLargestHalf)));
    return rounded > 0.0F ? rounded : kSmallestNormalHalf;
}

float clampedZero(float lo, float scale, float maximum) {
    const float zero = std::clamp(-std::nearbyint(lo / scale), 0.0F, maximum);
    return zero + 0.0F;  // no negative zero: results are compared byte by byte
}

GridPoint gridAsIs(float lo, float hi, const GridOptions& options) {
    constexpr float kLeastRange = 1e-5F;
    const auto half = static_cast<float>(1 << (options.bits - 1));
    if (options.symmetric) {
        const float bound = std::max(std::max(std::fabs(lo), std::fabs(hi)), kLeastRange);
        return {storedScale(bound / (half - 1.0F), options), half};
    }
    const auto maximum = static_cast<float>((1 << options.bits) - 1);
    const float scale = storedScale(std::max(hi - lo, kLeastRange) / maximum, options);
    return {scale, clampedZero(lo, scale, maximum)};
}

GridPoint gridWithZero(float lo, float hi, const GridOptions& options) {
    const auto maximum = static_cast<float>((1 << options.bits) - 1);
    float scale = (hi - lo) / maximum;
    if (scale <= 0.0F) {  // all zero, or so small that the step underflows
        lo = -1.0F;
        scale = 2.0F / maximum;
    }
    scale = storedScale(scale, options);
    if (options.symmetric) return {scale, static_cast<float>(1 << (options.bits - 1))};
    return {scale, clampedZero(lo, scale, maximum)};
}

float valueOf(float weight, GridPoint grid, float maximum) {
    const float code = std::clamp(std::nearbyint(weight / grid.scale) + grid.zero_point, 0.0F, maximum);
    return grid.scale * (code - grid.zero_point);
}

double searchError(const float* values, std::int64_t count, std::int64_t stride, GridPoint grid, int bits) {
    const auto maximum = static_cast<float>((1 << bits) - 1);
    double error = 0.0;
    for (std::int64_t j = 0; j < count; ++j) {
        const float weight = values[j * stride];
        error += static_cast<double>(std::pow(std::fabs(valueOf(weight, grid, maximum) - weight), kSearchNorm));
    }
    return error;
}

/// The range of variant G before the scale: zero inside, symmetric when asked for.
void widenRange(float& lo, float& hi, bool symmetric) {
    lo = std::min(lo, 0.0F);
    hi = std::max(hi, 0.0F);
    if (!symmetric) return;
    hi = std::max(-lo, hi);
    if (lo < 0.0F) lo = -hi;
}

}  // namespace

GridPoint gridOfRange(float lo, float hi, const GridOptions& options) {
    if (options.range == GridRange::as_is) return gridAsIs(lo, hi, options);
    widenRange(lo, hi, options.symmetric);
    return gridWithZero(lo, hi, options);
}

namespace reference {

GridPoint gridOfValues(const float* values, std::int64_t count, std::int64_t stride, const GridOptions& options) {
    float lo = values[0];
    float hi = values[0];
    for (std::int64_t j = 1; j < count; ++j) {
        lo = std::min(lo, values[j * stride]);
        hi = std::max(hi, values[j * stride]);
    }
    const GridPoint whole = gridOfRange(lo, hi, options);
    if (!options.search_range || options.range == GridRange::as_is) return whole;
    widenRange(lo, hi, options.symmetric);
    GridPoint best = whole;
    double least = std::numeric_limits<double>::infinity();
    for (int step = 0; step < kSearchSteps; ++step) {
        const auto part = static_cast<float>(1.0 - step / kSearchGrid);
        const GridPoint candidate = gridWithZero(part * lo, part * hi, options);
        const double error = searchError(values, count, stride, candidate, options.bits);
        if (error < least) {
            least = error;
            best = candidate;
        }
    }
    return best;
}

void encode(const float* weights, std::int64_t count, GridPoint grid, int bits, std::uint8_t* codes) {
    const auto maximum = static_cast<float>((1 << bits) - 1);
    for (std::int64_t j = 0; j < count; ++j)
        codes[j] = static_cast<std::uint8_t>(
            std::clamp(std::nearbyint(weights[j] / grid.scale) + grid.zero_point, 0.0F, maximum));
}

void round(const float* weights, std::int64_t count, GridPoint grid, int bits, float* values) {
    const auto maximum = static_cast<float>((1 << bits) - 1);
    for (std::int64_t j = 0; j < count; ++j) values[j] = valueOf(weights[j], grid, maximum);
}

void scale(const float* weights, const float* scales, std::int64_t count, float* scaled) {
    for (std::int64_t j = 0; j < count; ++j) scaled[j] = weights[j] * scales[j];
}

void scaledError(const float* weights, const float* scales, std::int64_t count, GridPoint grid, int bits,
                 float* scaled) {
    const auto maximum = static_cast<float>((1 << bits) - 1);
    for (std::int64_t j = 0; j < count; ++j) scaled[j] = valueOf(scaled[j], grid, maximum) / scales[j] - weights[j];
}

}  // namespace reference
}  // namespace quantoscope::kernels
