#include <array>

#include "core/formats/exports/verify/compare_linear.h"
#include "core/formats/exports/verify/written_checkpoint.h"

namespace quantoscope::exports {
namespace {

/// Nibble that holds output 8c + i: the inverse of the order in which the words are filled.
constexpr std::array<int, 8> kNibbleOfOutput{0, 4, 1, 5, 2, 6, 3, 7};

/// The 4-bit value of `output` in row `row` of words along the outputs.
std::uint32_t nibble(std::span<const std::byte> bytes, std::int64_t outputs, std::int64_t row, std::int64_t output) {
    const int place = kNibbleOfOutput[static_cast<std::size_t>(output % 8)];
    const auto byte = static_cast<std::size_t>(4 * (row * (outputs / 8) + output / 8) + place / 2);
    return std::to_integer<std::uint32_t>(bytes[byte]) >> (place % 2 * 4) & 15U;
}

Status compareLinear(const WrittenCheckpoint& written, const QuantizedTensor& wanted, const std::string& name,
                     const JobContext& job) {
    const auto rows = wanted.rows;
    const auto groups = wanted.groupCount();
    ReadGrid grid;
    QS_ASSIGN(grid.scales, written.values(name + ".scales", DType::f16, {groups, rows}));
    QS_ASSIGN(const auto zeros, written.bytes(name + ".qzeros", DType::i32, {groups, rows / 8}));
    for (std::int64_t group = 0; group < groups; ++group)
        for (std::int64_t row = 0; row < rows; ++row) grid.zero_points.push_back(nibble(zeros, rows, group, row));
    QS_TRY(compareGrid(wanted, grid, name));
    QS_ASSIGN(const auto codes, written.bytes(name + ".qweight", DType::i32, {wanted.columns, rows / 8}));
    return compareCodes(
        wanted, grid, [&](std::int64_t row, std::int64_t column) { return nibble(codes, rows, column, row); }, name,
        job);
}

}  // namespace

Status verifyAwq(const WrittenCheckpoint& written, ExportModel& model, const JobContext& job) {
    return compareLinears(model, job, [&](const QuantizedTensor& wanted, const std::string& name) {
        return compareLinear(written, wanted, name, job);
    });
}

}  // namespace quantoscope::exports
