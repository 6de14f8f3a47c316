// The comparison that the readers of packed layouts share: every code, zero point, scale and weight.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/formats/exports/export_model.h"
#include "core/methods/quantized_tensor.h"

namespace quantoscope::exports {

/// `compare(wanted, name)` for each linear of the model, in the order of its blocks.
template <typename Compare>
Status compareLinears(ExportModel& model, const JobContext& job, const Compare& compare) {
    const auto blocks = model.config().block_count;
    for (std::int64_t block = 0; block < blocks; ++block)
        for (const auto role : kLinearRoles) {
            const auto name = linearPath(block, role);
            job.report("Checking " + name, static_cast<double>(block) / static_cast<double>(blocks));
            QS_ASSIGN(const auto* wanted, model.linear(block, role));
            QS_TRY(compare(*wanted, name));
        }
    return {};
}

inline Status differs(const std::string& name, const char* what, std::int64_t row, std::int64_t position) {
    return failure(std::string("the ") + what + " of '" + name + "' at row " + std::to_string(row) + ", " +
                   std::to_string(position) + " came back from the export changed");
}

/// Zero points and scales of one linear read back, [groups][rows].
struct ReadGrid {
    std::vector<std::uint32_t> zero_points;
    std::vector<float> scales;
};

/// Scales are float16 roundings of the wanted ones, or any usable value where the group's weights are all zero.
inline Status compareGrid(const QuantizedTensor& wanted, const ReadGrid& grid, const std::string& name) {
    for (std::int64_t row = 0; row < wanted.rows; ++row)
        for (std::int64_t group = 0; group < wanted.groupCount(); ++group) {
            const auto i = static_cast<std::size_t>(group * wanted.rows + row);
            if (static_cast<float>(grid.zero_points[i]) != wanted.zero_points.at(row, group))
                return differs(name, "zero point", row, group);
            const float scale = wanted.scales.at(row, group);
            const bool near = std::fabs(grid.scales[i] - scale) <= 0x1p-11F * std::fabs(scale) + 0x1p-25F;
            const bool replaced = std::fabs(scale) < 0x1p-24F && grid.scales[i] == 0x1p-14F;
            if (!near && !replaced) return differs(name, "scale", row, group);
        }
    return {};
}

/// `code(row, column)` reads the stored code; weights must be the wanted ones, bit for bit where scales are float16.
template <typename Code>
Status compareCodes(const QuantizedTensor& wanted, const ReadGrid& grid, const Code& code, const std::string& name,
                    const JobContext& job) {
    constexpr std::int64_t kTile = 64;
    for (std::int64_t tile = 0; tile < wanted.rows; tile += kTile) {
        QS_TRY(job.checkStop());
        for (std::int64_t column = 0; column < wanted.columns; ++column) {
            const auto group = wanted.groupOf(column);
            for (std::int64_t row = tile; row < std::min(tile + kTile, wanted.rows); ++row) {
                const auto read = static_cast<float>(code(row, column));
                const auto expected =
                    static_cast<float>(wanted.codes[static_cast<std::size_t>(row * wanted.columns + column)]);
                if (read != expected) return differs(name, "code", row, column);
                const auto i = static_cast<std::size_t>(group * wanted.rows + row);
                const float steps = read - static_cast<float>(grid.zero_points[i]);
                const float scale = wanted.scales.at(row, group);
                const float limit = grid.scales[i] == scale
                                        ? 0.0F
                                        : std::fabs(steps * scale) * 0x1.01p-11F + std::fabs(steps) * 0x1p-25F;
                if (!(std::fabs(grid.scales[i] * steps - scale * (expected - wanted.zero_points.at(row, group))) <=
                      limit))
                    return differs(name, "weight", row, column);
            }
        }
    }
    return {};
}

}  // namespace quantoscope::exports
