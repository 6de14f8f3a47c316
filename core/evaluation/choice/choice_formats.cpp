#include "core/evaluation/choice/choice_formats.h"

#include <algorithm>

#include "core/base/sha256.h"
#include "core/base/utf8.h"
#include "core/evaluation/choice/hellaswag_text.h"
#include "core/evaluation/choice/json_lines.h"
#include "core/evaluation/text_protocol.h"

namespace quantoscope {
namespace {

constexpr std::size_t kMostChoices = 26;

std::int64_t codePoints(std::string_view text) {
    return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

/// The usual question: the answers follow the context and a space.
ChoiceItem itemOf(const std::string& context, const std::vector<std::string>& answers, std::int64_t gold) {
    ChoiceItem item;
    item.gold = gold;
    for (const auto& answer : answers) item.choices.push_back({context, " " + answer, codePoints(answer)});
    return item;
}

template <typename ReadLine>
Result<ChoiceSet> loadLines(const std::filesystem::path& file, std::string_view text, std::int64_t limit,
                            const JobContext& job, ReadLine read) {
    ChoiceSet set;
    for (const auto& line : linesOf(text)) {
        if (limit > 0 && std::ssize(set.items) == limit) break;
        QS_TRY(job.checkStop());
        QS_ASSIGN(const auto object, LineObject::parse(line, file));
        QS_ASSIGN(auto item, read(object));
        set.items.push_back(std::move(item));
    }
    if (set.items.empty())
        return failure("'" + file.filename().string() + "' holds no question; is it the right file?", file.string());
    return set;
}

template <typename ReadLine>
Result<ChoiceSet> loadFile(const std::filesystem::path& file, std::int64_t limit, const JobContext& job,
                           ReadLine read) {
    QS_ASSIGN(const auto text, readTextForModel(file, job));
    QS_ASSIGN(auto set, loadLines(file, text, limit, job, read));
    set.sha256 = sha256Hex(text);
    return set;
}

Result<std::vector<std::int64_t>> readLabels(const std::filesystem::path& file, std::string_view text) {
    std::vector<std::int64_t> labels;
    for (const auto& line : linesOf(text)) {
        if (line.text != "0" && line.text != "1")
            return failure(
                "'" + file.filename().string() + "', line " + std::to_string(line.number) + ": a label is 0 or 1.",
                file.string());
        labels.push_back(line.text == "1" ? 1 : 0);
    }
    return labels;
}

Result<ChoiceItem> piqaItem(const LineObject& line, std::int64_t gold) {
    QS_ASSIGN(const auto goal, line.text("goal"));
    QS_ASSIGN(const auto first, line.text("sol1"));
    QS_ASSIGN(const auto second, line.text("sol2"));
    return itemOf("Question: " + goal + "\nAnswer:", {first, second}, gold);
}

/// The position of the answer's label; a digit also stands for the letter of its rank.
std::int64_t arcGold(const std::vector<std::string>& labels, const std::string& answer) {
    auto found = std::ranges::find(labels, answer);
    if (found == labels.end() && answer.size() == 1 && answer[0] >= '1' && answer[0] <= '9')
        found = std::ranges::find(labels, std::string(1, static_cast<char>('A' + (answer[0] - '1'))));
    return found == labels.end() ? -1 : found - labels.begin();
}

Result<ChoiceItem> arcItem(const LineObject& line) {
    const auto question = line.json().find("question");
    if (question == line.json().end()) return line.refuse("'question' is missing");
    QS_ASSIGN(const auto stem, line.textOf(*question, "stem"));
    const auto choices = question->find("choices");
    if (choices == question->end() || !choices->is_array()) return line.refuse("'question.choices' is not a list");
    if (choices->size() < 2 || choices->size() > kMostChoices)
        return line.refuse("a question has 2 to " + std::to_string(kMostChoices) + " choices, this one has " +
                           std::to_string(choices->size()));
    std::vector<std::string> texts;
    std::vector<std::string> labels;
    for (const auto& choice : *choices) {
        QS_ASSIGN(texts.emplace_back(), line.textOf(choice, "text"));
        QS_ASSIGN(labels.emplace_back(), line.textOf(choice, "label"));
    }
    QS_ASSIGN(const auto answer, line.text("answerKey"));
    const auto gold = arcGold(labels, answer);
    if (gold < 0) return line.refuse("answerKey '" + answer + "' is the label of no choice");
    return itemOf("Question: " + stem + "\nAnswer:", texts, gold);
}

/// HellaSwag's label: an integer in the release, text in other copies.
Result<std::int64_t> hellaSwagGold(const LineObject& line, std::size_t choices) {
    const auto label = line.json().find("label");
    const bool absent = label == line.json().end() || label->is_null() ||
                        (label->is_string() && label->get_ref<const std::string&>().empty());
    if (absent) return line.refuse("it has no label; the test split has none, take hellaswag_val.jsonl");
    std::int64_t gold = -1;
    if (label->is_number_integer()) gold = label->get<std::int64_t>();
    if (label->is_string() && label->get_ref<const std::string&>().size() == 1)
        gold = label->get_ref<const std::string&>()[0] - '0';
    if (gold < 0 || gold >= static_cast<std::int64_t>(choices))
        return line.refuse("the label is no number from 0 to " + std::to_string(choices - 1));
    return gold;
}

Result<ChoiceItem> hellaSwagItem(const LineObject& line) {
    QS_ASSIGN(const auto activity, line.text("activity_label"));
    QS_ASSIGN(const auto first, line.text("ctx_a"));
    QS_ASSIGN(const auto second, line.text("ctx_b"));
    const auto endings = line.json().find("endings");
    if (endings == line.json().end() || !endings->is_array()) return line.refuse("'endings' is not a list");
    if (endings->size() < 2 || endings->size() > kMostChoices)
        return line.refuse("a question has 2 to " + std::to_string(kMostChoices) + " endings, this one has " +
                           std::to_string(endings->size()));
    std::vector<std::string> answers;
    for (const auto& ending : *endings) {
        if (!ending.is_string()) return line.refuse("an ending is not a text");
        answers.push_back(hellaSwagCleaned(ending.get_ref<const std::string&>()));
    }
    QS_ASSIGN(const auto gold, hellaSwagGold(line, answers.size()));
    return itemOf(hellaSwagCleaned(activity + ": " + first + " " + capitalized(second)), answers, gold);
}

Result<ChoiceItem> winoGrandeItem(const LineObject& line) {
    QS_ASSIGN(const auto sentence, line.text("sentence"));
    const auto blank = sentence.find('_');
    if (blank == std::string::npos) return line.refuse("the sentence has no '_'");
    QS_ASSIGN(const auto answer, line.text("answer"));
    if (answer != "1" && answer != "2")
        return line.refuse(answer.empty() ? "it has no answer; the test split has none, take dev.jsonl"
                                          : "the answer is neither \"1\" nor \"2\"");
    ChoiceItem item;
    item.gold = answer == "2" ? 1 : 0;
    const std::string ending(stripped(std::string_view(sentence).substr(blank + 1)));
    for (const auto* key : {"option1", "option2"}) {
        QS_ASSIGN(const auto option, line.text(key));
        if (blank == 0 && option.empty()) return line.refuse("'" + std::string(key) + "' is empty");
        item.choices.push_back({sentence.substr(0, blank) + option, " " + ending, codePoints(ending)});
    }
    return item;
}

}  // namespace

Result<ChoiceSet> loadPiqa(const std::filesystem::path& file, const ChoiceSelection& selection, const JobContext& job) {
    const auto labels_file = file.parent_path() / (file.stem().string() + "-labels.lst");
    std::error_code error;
    if (!std::filesystem::exists(labels_file, error))
        return failure("PIQA's labels are missing: put '" + labels_file.filename().string() + "' beside '" +
                           file.filename().string() + "'.",
                       labels_file.string());
    QS_ASSIGN(const auto text, readTextForModel(file, job));
    QS_ASSIGN(const auto labels_text, readTextForModel(labels_file, job));
    QS_ASSIGN(const auto labels, readLabels(labels_file, labels_text));
    if (const auto lines = linesOf(text).size(); lines != labels.size())
        return failure("'" + file.filename().string() + "' has " + std::to_string(lines) + " questions, but '" +
                           labels_file.filename().string() + "' has " + std::to_string(labels.size()) + " labels.",
                       file.string());
    auto label = labels.begin();
    QS_ASSIGN(auto set, loadLines(file, text, selection.limit, job,
                                  [&](const LineObject& line) { return piqaItem(line, *label++); }));
    set.sha256 = sha256Hex(text + labels_text);
    return set;
}

Result<ChoiceSet> loadArc(const std::filesystem::path& file, const ChoiceSelection& selection, const JobContext& job) {
    return loadFile(file, selection.limit, job, &arcItem);
}

Result<ChoiceSet> loadHellaSwag(const std::filesystem::path& file, const ChoiceSelection& selection,
                                const JobContext& job) {
    return loadFile(file, selection.limit, job, &hellaSwagItem);
}

Result<ChoiceSet> loadWinoGrande(const std::filesystem::path& file, const ChoiceSelection& selection,
                                 const JobContext& job) {
    return loadFile(file, selection.limit, job, &winoGrandeItem);
}

}  // namespace quantoscope
