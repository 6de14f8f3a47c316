#include <algorithm>

#include "kernels/convert_float/convert_float.h"
#include "kernels/matmul/matmul.h"
#include "kernels/matmul/packed_state.h"

namespace quantoscope::kernels {
namespace {

void packPanelFloat32(const float* weights, std::int64_t width, std::int64_t columns, float* panel) {
    std::fill(panel, panel + panelElements(columns), 0.0F);
    for (std::int64_t o = 0; o < width; ++o)
        for (std::int64_t c = 0; c < columns; ++c) panel[c * kPanelWidth + o] = weights[o * columns + c];
}

/// Two neighbouring columns in a word. Columns go in small blocks, so that what is written stays in the nearest cache.
void packPanelBfloat16(const float* weights, std::int64_t width, std::int64_t columns, std::uint16_t* panel) {
    constexpr std::int64_t kBlock = 64;
    auto* const pairs = reinterpret_cast<std::uint32_t*>(panel);
    if (width < kPanelWidth) std::fill(pairs, pairs + panelElements(columns) / 2, 0U);
    std::uint16_t rounded[kBlock + 1];
    for (std::int64_t first = 0; first < columns; first += kBlock) {
        const auto count = std::min(kBlock, columns - first);
        for (std::int64_t o = 0; o < width; ++o) {
            const float* const row = weights + o * columns + first;
            for (std::int64_t c = 0; c < count; ++c) rounded[c] = floatToBfloat16(row[c]);
            rounded[count] = 0;
            std::uint32_t* const to = pairs + first / 2 * kPanelWidth + o;
            for (std::int64_t c = 0; c < count; c += 2)
                to[c / 2 * kPanelWidth] =
                    static_cast<std::uint32_t>(rounded[c]) | static_cast<std::uint32_t>(rounded[c + 1]) << 16U;
        }
    }
}

}  // namespace

PackedMatrix::PackedMatrix() : state_(std::make_unique<State>()) {}
PackedMatrix::PackedMatrix(PackedMatrix&&) noexcept = default;
PackedMatrix& PackedMatrix::operator=(PackedMatrix&&) noexcept = default;
PackedMatrix::~PackedMatrix() = default;

KernelStatus PackedMatrix::reset(std::int64_t rows, std::int64_t columns, MatmulOperand operand) {
    auto state = std::make_unique<State>();
    state->rows = rows;
    state->columns = columns;
    state->operand = operand;
    const auto size = panelCount(rows) * panelElements(columns);
    const bool room = operand == MatmulOperand::float32 ? state->float32.reserve(size) : state->bfloat16.reserve(size);
    if (!room) return KernelStatus::out_of_memory;
    state_ = std::move(state);
    return KernelStatus::ok;
}

void PackedMatrix::packRows(const float* weights, std::int64_t first_row, std::int64_t count) {
    const auto columns = state_->columns;
#pragma omp parallel for schedule(static) if (count * columns > 65536)
    for (std::int64_t row = 0; row < count; row += kPanelWidth) {
        const float* from = weights + row * columns;
        const auto width = std::min(kPanelWidth, count - row);
        const auto offset = (first_row + row) / kPanelWidth * panelElements(columns);
        if (state_->operand == MatmulOperand::float32)
            packPanelFloat32(from, width, columns, state_->float32.data() + offset);
        else
            packPanelBfloat16(from, width, columns, state_->bfloat16.data() + offset);
    }
}

KernelStatus PackedMatrix::pack(const float* weights, std::int64_t rows, std::int64_t columns, MatmulOperand operand,
                                PackedMatrix& packed) {
    const bool fits = packed.rows() == rows && packed.columns() == columns && packed.operand() == operand;
    if (!fits) {
        if (const auto status = packed.reset(rows, columns, operand); status != KernelStatus::ok) return status;
    }
    packed.packRows(weights, 0, rows);
    return KernelStatus::ok;
}

std::int64_t PackedMatrix::rows() const {
    return state_->rows;
}
std::int64_t PackedMatrix::columns() const {
    return state_->columns;
}
MatmulOperand PackedMatrix::operand() const {
    return state_->operand;
}
std::uint64_t PackedMatrix::bytes() const {
    return static_cast<std::uint64_t>(state_->float32.capacity()) * sizeof(float) +
           static_cast<std::uint64_t>(state_->bfloat16.capacity()) * sizeof(std::uint16_t);
}

}  // namespace quantoscope::kernels
