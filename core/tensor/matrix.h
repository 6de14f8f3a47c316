// A dense row-major matrix of float32: the currency between formats, methods and analysis.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace quantoscope {

/// rows x columns, row-major. For a linear: rows = outputs, columns = inputs, y = x W^T.
struct Matrix {
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::vector<float> values;

    Matrix() = default;
    Matrix(std::int64_t row_count, std::int64_t column_count)
        : rows(row_count), columns(column_count), values(static_cast<std::size_t>(row_count * column_count)) {}

    std::span<float> row(std::int64_t i) { return {values.data() + i * columns, static_cast<std::size_t>(columns)}; }
    std::span<const float> row(std::int64_t i) const {
        return {values.data() + i * columns, static_cast<std::size_t>(columns)};
    }
    float& at(std::int64_t i, std::int64_t j) { return values[static_cast<std::size_t>(i * columns + j)]; }
    float at(std::int64_t i, std::int64_t j) const { return values[static_cast<std::size_t>(i * columns + j)]; }
};

}  // namespace quantoscope
