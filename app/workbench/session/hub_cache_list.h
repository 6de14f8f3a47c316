// The models of the user's Hugging Face hub cache, looked up in the background.
#pragma once

#include <QObject>
#include <QString>
#include <vector>

#include "app/workbench/session/background.h"
#include "core/formats/cached_models.h"

namespace quantoscope {

class HubCacheList : public QObject {
    Q_OBJECT

public:
    explicit HubCacheList(const QString& folder, QObject* parent = nullptr);

    const QString& folder() const { return folder_; }
    /// As of the last look; those that can be opened stand first.
    const std::vector<CachedModel>& models() const { return models_; }
    int openableCount() const;
    /// Looks again; ends in changed() when something is different.
    void refresh();

signals:
    void changed();

private:
    QString folder_;
    std::vector<CachedModel> models_;
    LatestTask task_{this};
};

}  // namespace quantoscope
