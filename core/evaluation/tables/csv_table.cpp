#include "core/evaluation/tables/csv_table.h"

#include <array>

namespace quantoscope {
namespace {

constexpr std::size_t kMostCells = 1000;

class CsvReader {
public:
    CsvReader(std::string_view text, const std::string& name, char separator)
        : text_(text), name_(name), ends_{separator, '\r', '\n'} {}

    Result<std::vector<CsvRow>> read() {
        std::vector<CsvRow> rows;
        while (at_ < text_.size()) {
            if (skipLineEnd()) continue;
            rows.push_back({line_, {}});
            QS_TRY(readRow(rows.back()));
        }
        return rows;
    }

private:
    bool skipLineEnd() {
        const char c = text_[at_];
        if (c != '\n' && c != '\r') return false;
        at_ += c == '\r' && text_.substr(at_).starts_with("\r\n") ? 2 : 1;
        ++line_;
        return true;
    }

    Status readRow(CsvRow& row) {
        for (;;) {
            QS_ASSIGN(row.cells.emplace_back(), readCell());
            if (row.cells.size() > kMostCells)
                return failure("'" + name_ + "', line " + std::to_string(row.line) + ": more than " +
                               std::to_string(kMostCells) + " cells; is this a CSV file?");
            if (at_ < text_.size() && text_[at_] == ends_[0]) {
                ++at_;
                continue;
            }
            if (at_ < text_.size()) skipLineEnd();
            return {};
        }
    }

    Result<std::string> readCell() {
        std::string cell;
        if (at_ < text_.size() && text_[at_] == '"') QS_TRY(readQuoted(cell));
        const auto end = std::min(text_.find_first_of(std::string_view(ends_.data(), ends_.size()), at_), text_.size());
        cell += text_.substr(at_, end - at_);
        at_ = end;
        return cell;
    }

    /// Up to and over the closing quote.
    Status readQuoted(std::string& cell) {
        const auto begun = line_;
        ++at_;
        for (;; ++at_) {
            if (at_ >= text_.size())
                return failure("'" + name_ + "', line " + std::to_string(begun) +
                               ": a quoted field is never closed; is the file complete?");
            if (text_[at_] == '"' && !text_.substr(at_ + 1).starts_with('"')) break;
            at_ += text_[at_] == '"' ? 1 : 0;
            line_ += text_[at_] == '\n' ? 1 : 0;
            cell += text_[at_];
        }
        ++at_;
        return {};
    }

    std::string_view text_;
    const std::string& name_;
    std::array<char, 3> ends_;  ///< what ends a cell that is not quoted; the separator first
    std::size_t at_ = 0;
    std::int64_t line_ = 1;
};

}  // namespace

Result<std::vector<CsvRow>> csvRows(std::string_view text, const std::string& name, char separator) {
    return CsvReader(text, name, separator).read();
}

}  // namespace quantoscope
