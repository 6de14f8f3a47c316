#include "core/evaluation/pictures/picture_questions.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <span>

#include "core/base/base64.h"
#include "core/base/sha256.h"
#include "core/evaluation/pictures/answer_list.h"
#include "core/evaluation/tables/csv_table.h"
#include "core/evaluation/tables/pandas_cells.h"
#include "core/evaluation/text_protocol.h"

namespace quantoscope {
namespace {

constexpr std::size_t kLongestReference = 64;  // characters; no picture is as short
constexpr std::size_t kLargestPictureBytes = std::size_t{32} << 20;
constexpr std::size_t kHeaderBytes = 512;

struct Columns {
    std::size_t index = 0;
    std::size_t image = 0;
    std::size_t question = 0;
    std::size_t answer = 0;
    std::optional<std::size_t> hint;
    std::optional<std::size_t> category;
    std::map<char, std::size_t> options;
};

class PictureReader {
public:
    PictureReader(const std::filesystem::path& file, const JobContext& job) : file_(file), job_(job) {}

    Result<PictureSet> read() {
        QS_ASSIGN(const auto text, readTextForModel(file_, job_));
        set_.sha256 = sha256Hex(text);
        QS_ASSIGN(rows_, csvRows(text, file_.filename().string(), '\t'));
        QS_TRY(readColumns());
        QS_TRY(readPictures());
        for (std::size_t i = 1; i < rows_.size(); ++i) QS_TRY(readQuestion(rows_[i]));
        return std::move(set_);
    }

private:
    std::unexpected<Error> refuse(const CsvRow& row, const std::string& problem) const {
        return failure("'" + file_.filename().string() + "', line " + std::to_string(row.line) + ": " + problem + ".",
                       file_.string());
    }

    Result<std::size_t> columnOf(const std::string& name) const {
        const auto& names = rows_.front().cells;
        const auto found = std::ranges::find(names, name);
        if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
        return refuse(rows_.front(), "there is no column '" + name + "'; is it the split that has answers");
    }

    Status readColumns() {
        if (rows_.size() < 2)
            return failure("'" + file_.filename().string() + "' holds no question; is it the right file?",
                           file_.string());
        QS_ASSIGN(columns_.index, columnOf("index"));
        QS_ASSIGN(columns_.image, columnOf("image"));
        QS_ASSIGN(columns_.question, columnOf("question"));
        QS_ASSIGN(columns_.answer, columnOf("answer"));
        const auto& names = rows_.front().cells;
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (names[i] == "hint") columns_.hint = i;
            if (names[i] == "category") columns_.category = i;
            if (names[i].size() == 1 && names[i][0] >= 'A' && names[i][0] <= 'Z') columns_.options[names[i][0]] = i;
        }
        return {};
    }

    /// The rows that have a picture of their own, before any that refers to them.
    Status readPictures() {
        for (std::size_t i = 1; i < rows_.size(); ++i) {
            QS_TRY(job_.checkStop());
            auto& row = rows_[i];
            if (row.cells.size() != rows_.front().cells.size())
                return refuse(row, "the row has " + std::to_string(row.cells.size()) + " cells, the header " +
                                       std::to_string(rows_.front().cells.size()));
            auto& cell = row.cells[columns_.image];
            if (!seen_.insert(row.cells[columns_.index]).second)
                return refuse(row, "the index '" + row.cells[columns_.index] + "' is there twice");
            if (cell.size() <= kLongestReference) continue;
            QS_ASSIGN(auto picture, pictureIn(row));
            picture_of_[row.cells[columns_.index]] = set_.pictures.size();
            set_.pictures.push_back(std::move(picture));
            cell = row.cells[columns_.index];  // the text is not needed any more
        }
        return {};
    }

    Result<Picture> pictureIn(const CsvRow& row) const {
        const auto& cell = row.cells[columns_.image];
        if (cell.size() / 4 * 3 > kLargestPictureBytes)
            return refuse(row, "the picture has more than " + std::to_string(kLargestPictureBytes >> 20) + " MiB");
        auto bytes = base64Bytes(cell);
        if (!bytes) return refuse(row, "the picture is not valid base64; is the file complete");
        const auto begins = [&](std::string_view magic) {
            return bytes->size() >= magic.size() &&
                   std::ranges::equal(magic, std::span(*bytes).first(magic.size()),
                                      [](char expected, std::byte found) { return std::byte(expected) == found; });
        };
        if (begins("\x89PNG\r\n\x1a\n")) return Picture{PictureFormat::png, std::move(*bytes)};
        if (begins("\xFF\xD8\xFF")) return Picture{PictureFormat::jpeg, std::move(*bytes)};
        return refuse(row, "the picture is neither PNG nor JPEG");
    }

    Status readQuestion(const CsvRow& row) {
        PictureQuestion question;
        question.index = row.cells[columns_.index];
        question.question = row.cells[columns_.question];
        question.hint = optionalCell(row, columns_.hint);
        question.category = optionalCell(row, columns_.category);
        if (isMissingCell(question.index)) return refuse(row, "the index is missing");
        if (question.question.empty()) return refuse(row, "the question is missing");
        for (const auto& [letter, column] : columns_.options)
            if (!isMissingCell(row.cells[column])) question.options.push_back({letter, row.cells[column]});
        const auto picture = picture_of_.find(row.cells[columns_.image]);
        if (picture == picture_of_.end())
            return refuse(row, "its picture should be in row '" + row.cells[columns_.image] + "', which has none");
        question.picture = picture->second;
        QS_TRY(readAnswers(row, question));
        set_.questions.push_back(std::move(question));
        return {};
    }

    Status readAnswers(const CsvRow& row, PictureQuestion& question) const {
        const auto& cell = row.cells[columns_.answer];
        if (cell.empty()) return refuse(row, "the answer is missing; is it the split that has answers");
        if (columns_.options.empty()) {
            question.answers = answersIn(cell);
            return {};
        }
        const bool known = cell.size() == 1 && std::ranges::find(question.options, cell[0], &PictureOption::letter) !=
                                                   question.options.end();
        if (!known) return refuse(row, "the answer '" + cell + "' is the letter of no option");
        question.answers = {cell};
        return {};
    }

    static std::string optionalCell(const CsvRow& row, std::optional<std::size_t> column) {
        return column && !isMissingCell(row.cells[*column]) ? row.cells[*column] : std::string();
    }

    const std::filesystem::path& file_;
    const JobContext& job_;
    std::vector<CsvRow> rows_;
    Columns columns_;
    std::set<std::string> seen_;                     ///< indices
    std::map<std::string, std::size_t> picture_of_;  ///< by index
    PictureSet set_;
};

}  // namespace

Result<PictureSet> loadPictureQuestions(const std::filesystem::path& file, const JobContext& job) {
    return PictureReader(file, job).read();
}

bool isPictureQuestions(const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) return false;
    std::string begin(kHeaderBytes, '\0');
    std::ifstream stream(file, std::ios::binary);
    stream.read(begin.data(), static_cast<std::streamsize>(begin.size()));
    begin.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
    begin.resize(std::min(begin.size(), begin.find_first_of("\r\n")));
    const auto rows = csvRows(begin, file.filename().string(), '\t');
    if (!rows || rows->empty()) return false;
    return std::ranges::all_of(std::array{"index", "image", "question"}, [&](const char* name) {
        return std::ranges::find(rows->front().cells, name) != rows->front().cells.end();
    });
}

}  // namespace quantoscope
