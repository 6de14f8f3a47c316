// Separated values as RFC 4180 writes them: quoted fields may hold separators, line ends and doubled quotes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace quantoscope {

struct CsvRow {
    std::int64_t line = 0;  ///< where it begins, from 1
    std::vector<std::string> cells;
};

/// Rows of `text`; lines without a character are passed over. `name` is what an error calls the file: a quote that is
/// never closed, more than 1,000 cells in a row.
Result<std::vector<CsvRow>> csvRows(std::string_view text, const std::string& name, char separator = ',');

}  // namespace quantoscope
