#include "app/workbench/session/pipeline_document.h"

#include <QUndoCommand>
#include <algorithm>

#include "app/workbench/parts/benchmark_data.h"
#include "core/formats/exporter.h"
#include "core/methods/method.h"

namespace quantoscope {
namespace {

constexpr int kDebounceMs = 150;

QString limitUnit(const BenchmarkDescription& benchmark) {
    const auto limit = std::ranges::find(benchmark.options, "limit", &OptionDescription::id);
    return limit == benchmark.options.end() ? QString() : QString::fromStdString(limit->unit);
}

Result<Plan> planOf(const Recipe& recipe, const std::shared_ptr<const ModelFiles>& model) {
    if (recipe.methods.empty() && recipe.checkpoints.empty())
        return usageError("Add a quantization method to the Quantize stage");
    if (recipe.model.empty()) return usageError("Open a model first: File → Open model…");
    return model ? planRecipe(recipe, *model) : planRecipe(recipe);
}

/// What can be said before there is a result: the format looks at the options alone.
QString exportReason(const std::string& format, const std::string& method, const OptionValues& options) {
    const auto found = findExportFormat(format);
    if (!found) return QString::fromStdString(found.error().message);
    ExportSource source;
    source.method_id = method;
    source.method_options = options;
    const Status status = (*found)->check(source);
    return status ? QString() : QString::fromStdString(status.error().message);
}

}  // namespace

class DraftCommand : public QUndoCommand {
public:
    DraftCommand(PipelineDocument& document, PipelineDraft after, const QString& label)
        : QUndoCommand(label), document_(document), before_(document.draft()), after_(std::move(after)) {}
    void undo() override { document_.show(before_); }
    void redo() override { document_.show(after_); }

private:
    PipelineDocument& document_;
    PipelineDraft before_;
    PipelineDraft after_;
};

PipelineCatalogue pipelineCatalogue() {
    PipelineCatalogue catalogue;
    catalogue.methods = methods();
    for (const auto& benchmark : benchmarks())
        catalogue.benchmarks.push_back({benchmark.id, benchmarkLabel(benchmark),
                                        QString::fromStdString(benchmark.definition + "\n\nData: " + benchmark.help),
                                        limitUnit(benchmark)});
    for (const auto& format : exportFormats())
        catalogue.export_formats.push_back(
            {format.id, QString::fromStdString(format.label), QString::fromStdString(format.summary)});
    catalogue.export_reason = exportReason;
    return catalogue;
}

PipelineDocument::PipelineDocument(QObject* parent) : QObject(parent) {
    debounce_.setSingleShot(true);
    debounce_.setInterval(kDebounceMs);
    connect(&debounce_, &QTimer::timeout, this, &PipelineDocument::startPlan);
}

void PipelineDocument::edit(const PipelineDraft& draft, const QString& label) {
    undo_stack_.push(new DraftCommand(*this, draft, label));
}

void PipelineDocument::replace(const Recipe& recipe, const QString& label, const QString& file) {
    if (!file.isEmpty()) {
        file_ = file;
        file_json_ = recipeJson(recipe);
    }
    if (!recipe.model.empty() && recipe.model != model_path_) {
        model_path_ = recipe.model;
        model_.reset();
    }
    PipelineDraft next;
    next.recipe = recipe;
    edit(next, label);
}

QString PipelineDocument::fileOf(const Recipe& recipe) const {
    return recipeJson(recipe) == file_json_ ? file_ : QString();
}

void PipelineDocument::setModel(const QString& path, std::shared_ptr<const ModelFiles> files) {
    if (path.toStdString() == model_path_ && files == model_) return;
    model_path_ = path.toStdString();
    model_ = std::move(files);
    show(draft_);
}

void PipelineDocument::show(const PipelineDraft& draft) {
    draft_ = draft;
    draft_.recipe.model = model_path_;
    plan_.reset();
    task_.drop();
    debounce_.start();
    emit changed();
}

void PipelineDocument::startPlan() {
    const Recipe recipe = runnableRecipe(draft_);
    task_.start([recipe, model = model_](const std::stop_token&) { return planOf(recipe, model); },
                [this](Result<Plan> plan) {
                    plan_ = std::move(plan);
                    emit planned();
                });
}

}  // namespace quantoscope
