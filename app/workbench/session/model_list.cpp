#include "app/workbench/session/model_list.h"

#include <QDir>
#include <QFileInfo>
#include <algorithm>

#include "core/formats/tokenizer.h"

namespace quantoscope {
namespace {

Result<OpenModel> openModel(const QString& path) {
    OpenModel model;
    model.path = path;
    model.name = modelName(path);
    QS_ASSIGN(model.files, ModelFiles::open(path.toStdString()));
    if (auto config = model.files->config())
        model.config = std::move(*config);
    else
        model.config_problem = QString::fromStdString(config.error().message);
    return model;
}

/// Tokenizer and chat template: megabytes to parse, so not before the model is on the screen.
OpenModel withText(OpenModel model) {
    const auto tokenizer = openTokenizer(model.files->path());
    model.has_tokenizer = tokenizer.has_value();
    model.tokenizer = QString::fromStdString(tokenizer ? (*tokenizer)->description() : tokenizer.error().message);
    const ChatMessage message{"user", "Hello"};
    const auto chat = renderChat(model.files->path(), std::span(&message, 1), true);
    if (!chat) model.chat_problem = QString::fromStdString(chat.error().message);
    model.text_known = true;
    return model;
}

}  // namespace

QString modelName(const QString& path) {
    // From the text alone: the file may lie on a disk that is away, and a name may hold dots.
    QString name = path.section(QLatin1Char('/'), -1, -1, QString::SectionSkipEmpty);
    if (name == QLatin1String("model"))
        if (const QString folder = path.section(QLatin1Char('/'), -2, -2, QString::SectionSkipEmpty); !folder.isEmpty())
            return folder;
    for (const auto* suffix : {".gguf", ".safetensors"})
        if (name.endsWith(QLatin1String(suffix), Qt::CaseInsensitive)) name.chop(qstrlen(suffix));
    return name;
}

void ModelList::open(const QString& path) {
    const QString absolute = QFileInfo(path).absoluteFilePath();
    if (find(absolute)) {
        setCurrent(absolute);
        emit opened(absolute);
        return;
    }
    ++opening_;
    emit changed();
    runInBackground(
        this, [absolute] { return openModel(absolute); },
        [this, absolute](Result<OpenModel> model) { take(absolute, std::move(model)); });
}

void ModelList::take(const QString& path, Result<OpenModel> model) {
    --opening_;
    if (!model) {
        emit changed();
        emit failed(path, model.error());
        return;
    }
    if (!find(path)) models_.push_back(std::make_shared<const OpenModel>(std::move(*model)));
    current_ = find(path);
    emit changed();
    emit opened(path);
    if (!current_->text_known) readText(current_);
}

void ModelList::readText(const std::shared_ptr<const OpenModel>& model) {
    runInBackground(
        this, [model] { return std::make_shared<const OpenModel>(withText(*model)); },
        [this, model](const std::shared_ptr<const OpenModel>& read) {
            const auto place = std::ranges::find(models_, model);
            if (place == models_.end()) return;  // closed meanwhile
            *place = read;
            if (current_ == model) current_ = read;
            emit changed();
        });
}

void ModelList::close(const QString& path) {
    std::erase_if(models_, [&](const auto& model) { return model->path == path; });
    if (current_ && current_->path == path) current_ = models_.empty() ? nullptr : models_.back();
    emit changed();
}

void ModelList::setCurrent(const QString& path) {
    const auto model = find(path);
    if (!model || model == current_) return;
    current_ = model;
    emit changed();
}

std::shared_ptr<const OpenModel> ModelList::find(const QString& path) const {
    const auto found = std::ranges::find(models_, path, [](const auto& model) { return model->path; });
    return found == models_.end() ? nullptr : *found;
}

}  // namespace quantoscope
