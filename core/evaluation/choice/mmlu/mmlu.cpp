#include "core/evaluation/choice/mmlu/mmlu.h"

#include <algorithm>

#include "core/base/sha256.h"
#include "core/evaluation/choice/mmlu/mmlu_subjects.h"
#include "core/evaluation/tables/csv_table.h"
#include "core/evaluation/tables/pandas_cells.h"
#include "core/evaluation/text_protocol.h"

namespace quantoscope {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTestEnd = "_test.csv";
constexpr std::string_view kLetters = "ABCD";
constexpr std::size_t kCells = 6;  // question, four answers, letter

struct Table {
    std::vector<CsvRow> rows;
    std::string text;
};

Result<Table> readTable(const fs::path& file, bool as_written, const JobContext& job) {
    Table table;
    QS_ASSIGN(table.text, readTextForModel(file, job));
    const auto name = file.filename().string();
    QS_ASSIGN(table.rows, csvRows(table.text, name));
    for (const auto& row : table.rows) {
        const auto place = "'" + name + "', line " + std::to_string(row.line) + ": ";
        if (row.cells.size() != kCells)
            return failure(place + "a question has " + std::to_string(kCells) +
                               " cells (question, four answers, letter), " + "this row has " +
                               std::to_string(row.cells.size()),
                           file.string());
        const auto& letter = row.cells.back();
        if (letter.size() != 1 || !kLetters.contains(letter[0]))
            return failure(place + "the last cell is not one of the letters A, B, C and D", file.string());
    }
    if (!as_written) printCellsAsPandas(table.rows, kCells - 1);
    return table;
}

std::string questionText(const CsvRow& row) {
    std::string text = row.cells[0];
    for (std::size_t i = 0; i < kLetters.size(); ++i)
        text += "\n" + std::string(1, kLetters[i]) + ". " + row.cells[i + 1];
    return text + "\nAnswer:";
}

std::string header(std::string subject) {
    std::ranges::replace(subject, '_', ' ');
    return "The following are multiple choice questions (with answers) about  " + subject + ".\n\n";
}

ChoiceItem itemOf(const CsvRow& row, std::string_view category, const std::shared_ptr<const FewShot>& few_shot) {
    ChoiceItem item;
    item.gold = static_cast<std::int64_t>(kLetters.find(row.cells.back()));
    item.category = category;
    item.few_shot = few_shot;
    item.question = questionText(row);
    for (const char letter : kLetters) item.choices.push_back({{}, std::string(1, letter), 1});
    return item;
}

/// dev/ lies beside test/; a lone pair of files beside each other will do.
fs::path examplesFile(const fs::path& test, const std::string& subject) {
    const auto name = subject + "_dev.csv";
    std::error_code error;
    const auto usual = test.parent_path().parent_path() / "dev" / name;
    return fs::exists(usual, error) ? usual : test.parent_path() / name;
}

Status addSubject(const fs::path& file, const ChoiceSelection& selection, const JobContext& job, ChoiceSet& set,
                  Sha256& hash) {
    QS_TRY(job.checkStop());
    const auto name = file.filename().string();
    if (!name.ends_with(kTestEnd))
        return failure("'" + name + "' is no test file of MMLU: they are called <subject>" + std::string(kTestEnd),
                       file.string());
    const auto subject = name.substr(0, name.size() - kTestEnd.size());
    const auto category = mmluCategoryOf(subject);
    if (!category) return failure("MMLU has no subject '" + subject + "'; is '" + name + "' misspelt?", file.string());
    auto few_shot = std::make_shared<FewShot>();
    few_shot->header = header(subject);
    QS_ASSIGN(auto test, readTable(file, selection.as_written, job));
    if (selection.shots > 0) {
        QS_ASSIGN(const auto dev, readTable(examplesFile(file, subject), selection.as_written, job));
        if (std::ssize(dev.rows) < selection.shots)
            return failure("'" + subject + "_dev.csv' has " + std::to_string(dev.rows.size()) + " examples, " +
                               std::to_string(selection.shots) + " are wanted; choose fewer",
                           file.string());
        for (std::int64_t i = 0; i < selection.shots; ++i) {
            const auto& row = dev.rows[static_cast<std::size_t>(i)];
            few_shot->examples.push_back(questionText(row) + " " + row.cells.back() + "\n\n");
        }
        hash.add(std::string_view(dev.text));
    }
    hash.add(std::string_view(test.text));
    const auto count = selection.limit > 0 ? std::min(selection.limit, std::ssize(test.rows)) : std::ssize(test.rows);
    for (std::int64_t i = 0; i < count; ++i)
        set.items.push_back(itemOf(test.rows[static_cast<std::size_t>(i)], *category, few_shot));
    return {};
}

Result<std::vector<fs::path>> testFiles(const fs::path& path) {
    std::error_code error;
    if (!fs::is_directory(path, error)) return std::vector{path};
    std::vector<fs::path> files;
    for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error))
        if (entry->path().filename().string().ends_with(kTestEnd)) files.push_back(entry->path());
    if (error) return failure("the folder '" + path.string() + "' cannot be read: " + error.message(), path.string());
    if (files.empty())
        return failure("'" + path.string() + "' holds no <subject>" + std::string(kTestEnd) + " of MMLU",
                       path.string());
    std::ranges::sort(files);
    return files;
}

}  // namespace

Result<ChoiceSet> loadMmlu(const fs::path& path, const ChoiceSelection& selection, const JobContext& job) {
    QS_ASSIGN(const auto files, testFiles(path));
    ChoiceSet set;
    Sha256 hash;
    for (const auto& file : files) QS_TRY(addSubject(file, selection, job, set, hash));
    if (set.items.empty())
        return failure("'" + path.string() + "' holds no question; is it the right one?", path.string());
    set.sha256 = hash.hex();
    return set;
}

}  // namespace quantoscope
