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

void packPanelBfloat16(const float* weights, std::int64_t width, std::int64_t columns, std::uint16_t* panel) {
    auto* pairs = reinterpret_cast<std::uint32_t*>(panel);
    std::fill(pairs, pairs + panelElements(columns) / 2, 0U);
    for (std::int64_t o = 0; o < width; ++o) {
        const float* row = weights + o * columns;
        for (std::int64_t c = 0; c < columns; c += 2) {
            const std::uint32_t low = floatToBfloat16(row[c]);
            const std::uint32_t high = c + 1 < columns ? floatToBfloat16(row[c + 1]) : 0U;
            pairs[c / 2 * kPanelWidth + o] = low | high << 16U;
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
    if (const auto status = packed.reset(rows, columns, operand); status != KernelStatus::ok) return status;
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
