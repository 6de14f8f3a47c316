// The models that are open: read from headers in the background, listed by path.
#pragma once

#include <QObject>
#include <QString>
#include <memory>
#include <optional>
#include <vector>

#include "app/workbench/session/background.h"
#include "core/formats/model_files.h"

namespace quantoscope {

/// What the window knows of an open model; never changes once made. What it says of text comes later: a model is open
/// as soon as its headers are read, and a new OpenModel with the same `files` follows.
struct OpenModel {
    QString path;  ///< as the user gave it, absolute
    QString name;  ///< for titles: modelName(path)
    std::shared_ptr<const ModelFiles> files;
    std::optional<ModelConfig> config;  ///< none for a lone .safetensors file
    QString config_problem;             ///< why there is none
    bool text_known = false;            ///< the three below hold
    QString tokenizer;                  ///< "byte-level BPE, 49,152 tokens" or why there is none
    bool has_tokenizer = false;
    QString chat_problem;  ///< why there is no chat template, empty when there is one
};

/// What a model is called: its file's or folder's name, or that of the folder above when it is just called "model".
QString modelName(const QString& path);

class ModelList : public QObject {
    Q_OBJECT

public:
    explicit ModelList(QObject* parent = nullptr) : QObject(parent) {}

    const std::vector<std::shared_ptr<const OpenModel>>& models() const { return models_; }
    std::shared_ptr<const OpenModel> current() const { return current_; }
    bool isOpening() const { return opening_ > 0; }

    /// Opens from headers; ends in opened() or failed().
    void open(const QString& path);
    void close(const QString& path);
    void setCurrent(const QString& path);
    std::shared_ptr<const OpenModel> find(const QString& path) const;

signals:
    void opened(const QString& path);
    void failed(const QString& path, const quantoscope::Error& error);
    void changed();  ///< list, current model, or the opening state

private:
    void take(const QString& path, Result<OpenModel> model);
    void readText(const std::shared_ptr<const OpenModel>& model);

    std::vector<std::shared_ptr<const OpenModel>> models_;
    std::shared_ptr<const OpenModel> current_;
    int opening_ = 0;
};

}  // namespace quantoscope
