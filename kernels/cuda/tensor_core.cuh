// The tensor cores' instructions for one warp, and what of a matrix lies in which lane (PTX ISA, warp-level matrix
// instructions). With g = lane / 4 and t = lane % 4; of two bfloat16 in a register the lower half is the first one:
//
//   A 16 x 16   a[0]: row g, columns 2t, 2t + 1    a[1]: row g + 8    a[2], a[3]: the same, 8 columns further
//   B 16 x 8    b[0]: rows 2t, 2t + 1, column g    b[1]: 8 rows further
//   C 16 x 8    c[0], c[1]: row g, columns 2t, 2t + 1    c[2], c[3]: row g + 8
//
// So the C of two neighbouring products, rounded, is the A of the next one.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

namespace quantoscope::kernels::cuda {

/// C += A B, bfloat16 factors, float32 sums. All lanes of the warp call it.
__device__ inline void multiplyAdd16x8x16(float (&c)[4], const std::uint32_t (&a)[4], std::uint32_t b0,
                                          std::uint32_t b1) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, "
        "%2, %3};\n"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

/// Four 8 x 8 matrices of 16-bit numbers out of shared memory, each transposed: lane l gives the address of row l % 8
/// of matrix l / 8 (16 bytes, so aligned); to[m] is then rows 2t, 2t + 1 of column g of matrix m. All lanes call it.
__device__ inline void loadTransposed(std::uint32_t (&to)[4], const std::uint16_t* row) {
    const auto address = static_cast<std::uint32_t>(__cvta_generic_to_shared(row));
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];\n"
                 : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
                 : "r"(address)
                 : "memory");
}

}  // namespace quantoscope::kernels::cuda
