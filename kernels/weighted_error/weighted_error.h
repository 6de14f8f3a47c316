// The energy of rows under a Gram matrix: energy[i] = e_i G e_i^T. Summed over rows it is tr(E G E^T), the squared
// change of a linear's output over all calibration tokens, without the tokens.
#pragma once

#include <cstdint>
#include <stop_token>

#include "kernels/base/kernel_status.h"

namespace quantoscope::kernels {

/// error: rows x columns, row-major. gram: columns x columns, symmetric (only entries on and above the diagonal are
/// used). energy: rows doubles. No buffer may overlap another. Work: rows x columns^2 flop, half of what two products
/// would take. Products are float32 with fused multiply-add, added up over at most 128 columns before they are weighted
/// and summed in double; the order depends on the instruction set, never on the number of threads. Non-finite input
/// gives non-finite energy of that row.
KernelStatus weightedError(const float* error, std::int64_t rows, std::int64_t columns, const float* gram,
                           double* energy, const std::stop_token& stop);

/// The definition, in double.
void weightedErrorReference(const float* error, std::int64_t rows, std::int64_t columns, const float* gram,
                            double* energy);

}  // namespace quantoscope::kernels
