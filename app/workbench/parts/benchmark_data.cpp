#include "app/workbench/parts/benchmark_data.h"

#include <QCoreApplication>

#include "app/workbench/session/session_paths.h"

namespace quantoscope {
namespace {

QString text(const char* source) {
    return QCoreApplication::translate("BenchmarkData", source);
}

}  // namespace

QString benchmarkLabel(const BenchmarkDescription& benchmark) {
    const auto label = QString::fromStdString(benchmark.label);
    return benchmark.kind == BenchmarkKind::perplexity ? text("%1 perplexity").arg(label) : label;
}

bool isMultipleChoice(const std::string& benchmark) {
    const auto found = findBenchmark(benchmark);
    return found && (*found)->kind == BenchmarkKind::multiple_choice;
}

void askForBenchmarkData(QWidget* parent, const std::string& benchmark, PathTaker take, const QString& title) {
    const auto found = findBenchmark(benchmark);
    if (!found || (*found)->kind == BenchmarkKind::perplexity)
        return askForFile(parent, title.isEmpty() ? text("Text to evaluate on") : title,
                          text("Text (*.txt *.raw *.tokens *.md);;All files (*)"), std::move(take));
    const auto label = QString::fromStdString((*found)->label);
    if (!(*found)->folder_name.empty())
        return askForFolder(parent,
                            text("Folder of %1: the one that holds \"%2\"")
                                .arg(label)
                                .arg(QString::fromStdString((*found)->folder_name)),
                            std::move(take));
    askForFile(parent, text("Questions of %1").arg(label), text("Questions (*.jsonl);;All files (*)"), std::move(take));
}

std::string usualData(const std::string& benchmark, const Recipe& recipe) {
    const bool questions = isMultipleChoice(benchmark);
    std::string text_data;
    for (const auto& evaluation : recipe.evaluations) {
        if (evaluation.benchmark == benchmark && !evaluation.data.empty()) return evaluation.data;
        if (text_data.empty() && !isMultipleChoice(evaluation.benchmark)) text_data = evaluation.data;
    }
    if (questions) return {};
    return text_data.empty() ? shippedText(QStringLiteral("evaluation")).toStdString() : text_data;
}

}  // namespace quantoscope
