#include <algorithm>
#include <cmath>

#include "widgets/range_control/range_control.h"

namespace quantoscope {
namespace {

double quantile(const std::vector<double>& sorted, double share) {
    const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
    const auto index = static_cast<std::size_t>(place);
    const double rest = place - static_cast<double>(index);
    if (index + 1 >= sorted.size()) return sorted.back();
    return sorted[index] + rest * (sorted[index + 1] - sorted[index]);
}

}  // namespace

ValueRange autoFitRange(std::vector<double> values, double low_share, double high_share) {
    std::erase_if(values, [](double value) { return !std::isfinite(value); });
    if (values.empty()) return {};
    std::sort(values.begin(), values.end());
    return {quantile(values, low_share), quantile(values, high_share)};
}

std::vector<int> histogramCounts(const std::vector<double>& values, const ValueRange& range, ScaleKind scale,
                                 int bins) {
    std::vector<int> counts(static_cast<std::size_t>(std::max(bins, 1)));
    for (const double value : values) {
        if (!(value >= range.low && value <= range.high)) continue;
        const double position = scalePosition(value, range, scale);
        const auto bin = static_cast<std::size_t>(position * static_cast<double>(counts.size()));
        ++counts[std::min(bin, counts.size() - 1)];
    }
    return counts;
}

}  // namespace quantoscope
