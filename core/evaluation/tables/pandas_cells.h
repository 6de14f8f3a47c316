// What pandas' read_csv makes of cells before a script prints them again: the reference prompts were made that way.
#pragma once

#include "core/evaluation/tables/csv_table.h"

namespace quantoscope {

/// Would pandas (2.0 and later) take the cell for missing: empty, "NA", "None", "nan" …?
bool isMissingCell(const std::string& cell);

/// Cells that pandas (2.0 and later) takes for missing become "nan"; a column that is a number in every row (or
/// missing) is written as Python writes numbers: integers as such, all as floats where one is a float or missing. All
/// rows have `columns` cells.
void printCellsAsPandas(std::vector<CsvRow>& rows, std::size_t columns);

}  // namespace quantoscope
