#include <bit>
#include <cstring>

#include "core/formats/exports/block_checks.h"
#include "core/formats/exports/verify/compare_linear.h"
#include "core/formats/exports/verify/written_checkpoint.h"

namespace quantoscope::exports {
namespace {

/// Single bits of a tensor of 32-bit words with `columns` words in a row.
class BitReader {
public:
    BitReader(std::span<const std::byte> bytes, std::int64_t columns) : bytes_(bytes), columns_(columns) {}
    std::uint32_t bit(std::int64_t row, std::int64_t column, int position) const {
        const auto at = static_cast<std::size_t>(4 * (row * columns_ + column) + position / 8);
        return std::to_integer<std::uint32_t>(bytes_[at]) >> (position % 8) & 1U;
    }

private:
    std::span<const std::byte> bytes_;
    std::int64_t columns_;
};

/// Field `index` of the stream that runs down the rows of one column.
std::uint32_t fieldDown(const BitReader& reader, std::int64_t column, std::int64_t index, int bits) {
    std::uint32_t value = 0;
    for (int i = 0; i < bits; ++i) {
        const auto position = index * bits + i;
        value |= reader.bit(position / 32, column, static_cast<int>(position % 32)) << i;
    }
    return value;
}

/// Field `index` of the stream that runs along one row.
std::uint32_t fieldAlong(const BitReader& reader, std::int64_t row, std::int64_t index, int bits) {
    std::uint32_t value = 0;
    for (int i = 0; i < bits; ++i) {
        const auto position = index * bits + i;
        value |= reader.bit(row, position / 32, static_cast<int>(position % 32)) << i;
    }
    return value;
}

Status compareGroups(const WrittenCheckpoint& written, const QuantizedTensor& wanted, const std::string& name) {
    QS_ASSIGN(const auto bytes, written.bytes(name + ".g_idx", DType::i32, {wanted.columns}));
    for (std::int64_t column = 0; column < wanted.columns; ++column) {
        std::int32_t group = 0;
        std::memcpy(&group, bytes.data() + 4 * column, 4);
        if (group != wanted.groupOf(column)) return differs(name, "group", 0, column);
    }
    return {};
}

Status compareLinear(const WrittenCheckpoint& written, const QuantizedTensor& wanted, const std::string& name, int bits,
                     bool minus_one, const JobContext& job) {
    const auto rows = wanted.rows;
    const auto groups = wanted.groupCount();
    QS_TRY(compareGroups(written, wanted, name));
    ReadGrid grid;
    QS_ASSIGN(grid.scales, written.values(name + ".scales", DType::f16, {groups, rows}));
    QS_ASSIGN(const auto zero_bytes, written.bytes(name + ".qzeros", DType::i32, {groups, rows * bits / 32}));
    const BitReader zeros(zero_bytes, rows * bits / 32);
    for (std::int64_t group = 0; group < groups; ++group)
        for (std::int64_t row = 0; row < rows; ++row)
            grid.zero_points.push_back(fieldAlong(zeros, group, row, bits) + (minus_one ? 1U : 0U));
    QS_TRY(compareGrid(wanted, grid, name));
    QS_ASSIGN(const auto code_bytes, written.bytes(name + ".qweight", DType::i32, {wanted.columns * bits / 32, rows}));
    const BitReader codes(code_bytes, rows);
    return compareCodes(
        wanted, grid, [&](std::int64_t row, std::int64_t column) { return fieldDown(codes, row, column, bits); }, name,
        job);
}

}  // namespace

Status verifyGptq(const WrittenCheckpoint& written, ExportModel& model, int bits, bool minus_one,
                  const JobContext& job) {
    return compareLinears(model, job, [&](const QuantizedTensor& wanted, const std::string& name) {
        return compareLinear(written, wanted, name, bits, minus_one, job);
    });
}

}  // namespace quantoscope::exports
