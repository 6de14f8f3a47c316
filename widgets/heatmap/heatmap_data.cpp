#include "widgets/heatmap/heatmap_data.h"

#include <algorithm>
#include <cmath>

#include "widgets/text/number_text.h"

namespace quantoscope {
namespace {

std::size_t place(const HeatmapData& data, HeatmapCell cell) {
    return static_cast<std::size_t>(cell.row) * static_cast<std::size_t>(data.blocks) +
           static_cast<std::size_t>(cell.block);
}

}  // namespace

HeatmapData::HeatmapData(int block_count)
    : blocks(std::max(block_count, 0)), values(static_cast<std::size_t>(blocks) * kRows) {}

bool HeatmapData::contains(HeatmapCell cell) const {
    return cell.block >= 0 && cell.block < blocks && cell.row >= 0 && cell.row < kRows;
}

std::optional<double> HeatmapData::at(HeatmapCell cell) const {
    return contains(cell) ? values[place(*this, cell)] : std::nullopt;
}

void HeatmapData::set(HeatmapCell cell, double value) {
    if (contains(cell)) values[place(*this, cell)] = value;
}

std::vector<double> HeatmapData::present() const {
    std::vector<double> found;
    for (const auto& value : values)
        if (value && std::isfinite(*value)) found.push_back(*value);
    return found;
}

void addRecord(HeatmapData& data, const LayerRecord& record, const std::string& metric_id) {
    for (const LinearRecord& linear : record.linears) {
        const auto metric = linear.metrics.find(metric_id);
        if (metric == linear.metrics.end()) continue;
        data.set({static_cast<int>(record.block), static_cast<int>(linear.role)}, metric->second);
    }
}

HeatmapData difference(const HeatmapData& a, const HeatmapData& b) {
    HeatmapData result(std::min(a.blocks, b.blocks));
    for (int row = 0; row < HeatmapData::kRows; ++row) {
        for (int block = 0; block < result.blocks; ++block) {
            const auto left = a.at({block, row});
            const auto right = b.at({block, row});
            if (left && right) result.set({block, row}, *left - *right);
        }
    }
    return result;
}

int rankOf(const HeatmapData& data, HeatmapCell cell, const MetricDescription& metric) {
    const auto own = data.at(cell);
    if (!own || std::isnan(*own)) return 0;
    const auto better = [&](const std::optional<double>& other) {
        return other && (metric.lower_is_better ? *other < *own : *other > *own);
    };
    return 1 + static_cast<int>(std::count_if(data.values.begin(), data.values.end(), better));
}

QString cellName(HeatmapCell cell) {
    const auto row = static_cast<std::size_t>(std::clamp(cell.row, 0, HeatmapData::kRows - 1));
    const auto name = linearName(kLinearRoles[row]);
    return QStringLiteral("layers.%1.%2")
        .arg(cell.block)
        .arg(QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())));
}

QString cellToolTip(const HeatmapData& data, HeatmapCell cell, const MetricDescription& metric,
                    const HeatmapData* pinned) {
    const QString label = QString::fromStdString(metric.label);
    const QString unit = QString::fromStdString(metric.unit);
    const auto value = data.at(cell);
    if (!value) return QStringLiteral("<b>%1</b><br>%2: not measured yet").arg(cellName(cell), label.toHtmlEscaped());
    const auto measured = std::count_if(data.values.begin(), data.values.end(), [](auto v) { return v.has_value(); });
    QString text = QStringLiteral("<b>%1</b><br>%2: %3<br>rank %4 of %5 (1 is best)")
                       .arg(cellName(cell), label.toHtmlEscaped(), valueText(*value, unit))
                       .arg(rankOf(data, cell, metric))
                       .arg(measured);
    const auto base = pinned != nullptr ? pinned->at(cell) : std::nullopt;
    if (base) text += QStringLiteral("<br>%1 against the pinned run").arg(deltaText(*value - *base, unit));
    return text;
}

}  // namespace quantoscope
