#include "core/evaluation/tables/pandas_cells.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace quantoscope {
namespace {

constexpr std::array kMissing{"",     "#N/A",   "#N/A N/A", "#NA",  "-1.#IND", "-1.#QNAN", "-NaN",
                              "-nan", "1.#IND", "1.#QNAN",  "<NA>", "N/A",     "NA",       "NULL",
                              "NaN",  "None",   "n/a",      "nan",  "null"};

std::string_view withoutSpaces(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The whole text as a number; from_chars knows no plus sign.
template <typename Number>
std::optional<Number> numberIn(const std::string& cell) {
    auto text = withoutSpaces(cell);
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/// Python's repr: the shortest digits that read back, plain between 1e-4 and 1e16.
std::string pythonText(double number) {
    if (std::isnan(number)) return "nan";
    if (std::isinf(number)) return number > 0 ? "inf" : "-inf";
    const double size = std::fabs(number);
    const bool plain = size == 0.0 || (size >= 1e-4 && size < 1e16);
    std::array<char, 64> text{};
    const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number, format).ptr;
    std::string written(text.data(), end);
    if (plain && written.find('.') == std::string::npos) written += ".0";
    return written;
}

enum class ColumnKind { text, integers, floats };

ColumnKind kindOf(const std::vector<CsvRow>& rows, std::size_t column) {
    auto kind = ColumnKind::integers;
    bool any = false;
    for (const auto& row : rows) {
        const auto& cell = row.cells[column];
        const bool missing = isMissingCell(cell);
        if (!missing && !numberIn<double>(cell)) return ColumnKind::text;
        if (missing || !numberIn<std::int64_t>(cell)) kind = ColumnKind::floats;
        any = any || !missing;
    }
    return any ? kind : ColumnKind::floats;
}

}  // namespace

bool isMissingCell(const std::string& cell) {
    return std::ranges::find(kMissing, cell) != kMissing.end();
}

void printCellsAsPandas(std::vector<CsvRow>& rows, std::size_t columns) {
    for (std::size_t column = 0; column < columns; ++column) {
        const auto kind = kindOf(rows, column);
        for (auto& row : rows) {
            auto& cell = row.cells[column];
            if (isMissingCell(cell))
                cell = "nan";
            else if (kind == ColumnKind::integers)
                cell = std::to_string(*numberIn<std::int64_t>(cell));
            else if (kind == ColumnKind::floats)
                cell = pythonText(*numberIn<double>(cell));
        }
    }
}

}  // namespace quantoscope
