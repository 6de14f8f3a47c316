// The parts of a row and where they begin and end, without a window.
#include <algorithm>
#include <cmath>

#include "core/analysis/compare.h"
#include "widgets/error_anatomy/anatomy_view.h"

namespace quantoscope {
namespace {

constexpr std::array<const char*, 5> kMetricIds{"clipping_error", "outlier_channel_error", "rounding_error",
                                                "channel_interaction", "inherited_error"};

std::optional<double> valueOf(const AnatomyRow& row, AnatomyPart part) {
    const auto found = row.metrics.find(kMetricIds[static_cast<std::size_t>(part)]);
    if (found == row.metrics.end() || !std::isfinite(found->second)) return std::nullopt;
    return found->second;
}

}  // namespace

const MetricDescription& anatomyMetric(AnatomyPart part) {
    return *findMetric(kMetricIds[static_cast<std::size_t>(part)]);
}

std::vector<AnatomySegment> anatomySegments(const AnatomyRow& row) {
    std::vector<AnatomySegment> segments;
    double end = 0.0;
    for (const auto part : kAnatomyParts) {
        const auto value = valueOf(row, part);
        if (!value || *value == 0.0) continue;
        if (*value > 0.0) {
            segments.push_back({part, *value, end, end + *value});
            end += *value;
        } else {  // only interaction can be: it lies over the end of the own parts
            segments.push_back({part, *value, std::max(0.0, end + *value), end});
        }
    }
    return segments;
}

}  // namespace quantoscope
