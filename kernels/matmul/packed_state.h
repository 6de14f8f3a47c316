// What a PackedMatrix holds (private to kernels/matmul); the layout is in panel_layout.h.
#pragma once

#include "kernels/base/aligned_buffer.h"
#include "kernels/matmul/matmul.h"
#include "kernels/matmul/panel_layout.h"

namespace quantoscope::kernels {

struct PackedMatrix::State {
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    MatmulOperand operand = MatmulOperand::float32;
    AlignedBuffer<float> float32;  ///< one of the two is in use
    AlignedBuffer<std::uint16_t> bfloat16;
};

}  // namespace quantoscope::kernels
