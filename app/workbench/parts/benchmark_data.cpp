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

QString dataFileTitle(const std::string& benchmark) {
    const auto found = findBenchmark(benchmark);
    if (!found || (*found)->kind == BenchmarkKind::perplexity) return text("Text to evaluate on");
    return text("Questions of %1").arg(QString::fromStdString((*found)->label));
}

QString dataFileFilter(const std::string& benchmark) {
    return isMultipleChoice(benchmark) ? text("Questions (*.jsonl *.csv);;All files (*)")
                                       : text("Text (*.txt *.raw *.tokens *.md);;All files (*)");
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
