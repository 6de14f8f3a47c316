// How packed matrices lie in memory, shared by the products and by attention (private to kernels).
//
// A matrix W of `outputs` rows and `columns` columns is cut into panels of 64 outputs, zero-padded. In a panel
//   float32:   element (column c, output o) at c * 64 + o
//   bfloat16:  element (column c, output o) at (c / 2) * 128 + o * 2 + c % 2    (pairs, as VDPBF16PS takes them)
// and panels follow one another, each kPanelWidth * paddedColumns(columns) elements long.
#pragma once

#include <cstdint>

namespace quantoscope::kernels {

inline constexpr std::int64_t kPanelWidth = 64;
inline constexpr std::int64_t kColumnPadding = 2;
inline constexpr std::int64_t kColumnChunk = 1024;  ///< columns summed before y is touched: a panel of them fits L2

inline std::int64_t paddedColumns(std::int64_t columns) {
    return (columns + kColumnPadding - 1) / kColumnPadding * kColumnPadding;
}
inline std::int64_t panelCount(std::int64_t outputs) {
    return (outputs + kPanelWidth - 1) / kPanelWidth;
}
inline std::int64_t panelElements(std::int64_t columns) {
    return kPanelWidth * paddedColumns(columns);
}

}  // namespace quantoscope::kernels
