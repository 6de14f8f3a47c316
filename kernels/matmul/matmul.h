// y = x W^T with weights packed once; and plain strided products, the only door to oneDNN.
//
// Operands are float32, or bfloat16 with float32 accumulation. Where bfloat16 instructions are missing or slow (see
// panel_product.h) the bfloat16 operands are widened block by block and multiplied as float32: the same products, exact
// in float32, summed in another order. Packed weights take 2 bytes each all the same.
//
// A result element is one chain of fused multiply-adds in column order (chunks of 1024 columns): it does not depend on
// the number of threads or of tokens, so one token at a time gives the same bytes as all at once.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>

#include "kernels/base/kernel_status.h"

namespace quantoscope::kernels {

enum class MatmulOperand : std::uint8_t { float32, bfloat16 };
enum class MatmulOutput : std::uint8_t { store, add };

/// A weight matrix W (rows = outputs, columns = inputs) laid out for the products below. Movable, immutable, may be
/// shared between threads.
class PackedMatrix {
public:
    PackedMatrix();
    PackedMatrix(PackedMatrix&&) noexcept;
    PackedMatrix& operator=(PackedMatrix&&) noexcept;
    ~PackedMatrix();

    /// `weights` is rows x columns, row-major; it is not kept. bfloat16 rounds to nearest, ties to even.
    static KernelStatus pack(const float* weights, std::int64_t rows, std::int64_t columns, MatmulOperand operand,
                             PackedMatrix& packed);
    /// The same in parts: makes room for a matrix of zeros, then takes rows first_row .. first_row + count - 1.
    /// Parts start at multiples of kRowGranule.
    KernelStatus reset(std::int64_t rows, std::int64_t columns, MatmulOperand operand);
    void packRows(const float* weights, std::int64_t first_row, std::int64_t count);
    static constexpr std::int64_t kRowGranule = 64;

    std::int64_t rows() const;
    std::int64_t columns() const;
    MatmulOperand operand() const;
    std::uint64_t bytes() const;  ///< memory held

    struct State;
    const State& state() const { return *state_; }

private:
    std::unique_ptr<State> state_;
};

/// y(t, r) = sum_c x(t, c) W(r, c), or += for MatmulOutput::add. x: tokens x columns, y: tokens x rows, both dense
/// row-major; they must not overlap. A bfloat16 matrix takes float32 x too: it is rounded to bfloat16 first.
/// Big products are split so that `stop` is seen within about 50 ms; then the result is `cancelled` and y is undefined.
KernelStatus matmul(const float* x, std::int64_t tokens, const PackedMatrix& weights, float* y,
                    MatmulOutput output = MatmulOutput::store, const std::stop_token& stop = {});
/// The same with x already bfloat16 (bit patterns). With a float32 matrix x is widened.
KernelStatus matmul(const std::uint16_t* x, std::int64_t tokens, const PackedMatrix& weights, float* y,
                    MatmulOutput output = MatmulOutput::store, const std::stop_token& stop = {});

/// The definition: plain loops, sums in double, over operands rounded as `operand` says. weights: rows x columns.
void matmulReference(const float* x, std::int64_t tokens, const float* weights, std::int64_t rows, std::int64_t columns,
                     MatmulOperand operand, float* y);

/// True when bfloat16 products run on bfloat16 instructions here and now.
bool hasBfloat16Product();

/// A plain product of unpacked float32 matrices given by strides, for operands that are used once (Gram matrices,
/// candidate weights): C(m, n) = or += sum_k A(m, k) B(k, n). One stride of each operand must be 1. C is dense in n.
struct StridedOperand {
    const float* values;
    std::int64_t row_stride;     ///< elements from row i to row i + 1
    std::int64_t column_stride;  ///< elements from column j to column j + 1
};
KernelStatus matmulStrided(const StridedOperand& a, const StridedOperand& b, std::int64_t m, std::int64_t n,
                           std::int64_t k, float* c, std::int64_t c_row_stride,
                           MatmulOutput output = MatmulOutput::store);
/// C(m, n) += factor * sum_k A(m, k) B(k, n), for the many different shapes of a factorization: nothing is prepared for
/// a shape. Strides as above.
KernelStatus addScaledProduct(float factor, const StridedOperand& a, const StridedOperand& b, std::int64_t m,
                              std::int64_t n, std::int64_t k, float* c, std::int64_t c_row_stride);
/// The same with bfloat16 operands (float32 accumulation), where hasBfloat16Product(); else `unsupported`.
struct StridedBfloat16 {
    const std::uint16_t* values;
    std::int64_t row_stride;
    std::int64_t column_stride;
};
KernelStatus matmulStrided(const StridedBfloat16& a, const StridedBfloat16& b, std::int64_t m, std::int64_t n,
                           std::int64_t k, float* c, std::int64_t c_row_stride,
                           MatmulOutput output = MatmulOutput::store);

}  // namespace quantoscope::kernels
