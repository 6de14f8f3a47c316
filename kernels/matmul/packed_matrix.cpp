#include <algorithm>

#include "kernels/base/select.h"
#include "kernels/matmul/matmul.h"
#include "kernels/matmul/packed_state.h"
#include "kernels/matmul/panel_product.h"

namespace quantoscope::kernels {
namespace {

void packPanelFloat32(const float* weights, std::int64_t width, std::int64_t columns, float* panel) {
    std::fill(panel, panel + panelElements(columns), 0.0F);
    for (std::int64_t o = 0; o < width; ++o)
        for (std::int64_t c = 0; c < columns; ++c) panel[c * kPanelWidth + o] = weights[o * columns + c];
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
    const auto pack_pairs = selectVersion(simd_baseline::packPairs, simd_avx2::packPairs, simd_avx512::packPairs);
#pragma omp parallel for schedule(static) if (count * columns > 65536)
    for (std::int64_t row = 0; row < count; row += kPanelWidth) {
        const float* from = weights + row * columns;
        const auto width = std::min(kPanelWidth, count - row);
        const auto offset = (first_row + row) / kPanelWidth * panelElements(columns);
        if (state_->operand == MatmulOperand::float32)
            packPanelFloat32(from, width, columns, state_->float32.data() + offset);
        else
            pack_pairs(from, width, columns, state_->bfloat16.data() + offset);
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
