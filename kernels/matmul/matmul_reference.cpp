#include "kernels/convert_float/convert_float.h"
#include "kernels/matmul/matmul.h"

namespace quantoscope::kernels {

void matmulReference(const float* x, std::int64_t tokens, const float* weights, std::int64_t rows, std::int64_t columns,
                     MatmulOperand operand, float* y) {
    const bool rounds = operand == MatmulOperand::bfloat16;
    for (std::int64_t t = 0; t < tokens; ++t) {
        for (std::int64_t r = 0; r < rows; ++r) {
            double sum = 0.0;
            for (std::int64_t c = 0; c < columns; ++c) {
                const float a = x[t * columns + c];
                const float b = weights[r * columns + c];
                sum +=
                    rounds ? static_cast<double>(roundToBfloat16(a)) * roundToBfloat16(b) : static_cast<double>(a) * b;
            }
            y[t * rows + r] = static_cast<float>(sum);
        }
    }
}

}  // namespace quantoscope::kernels
