#include "app/workbench/session/hub_cache_list.h"

#include <algorithm>

namespace quantoscope {

HubCacheList::HubCacheList(const QString& folder, QObject* parent) : QObject(parent), folder_(folder) {
    refresh();
}

int HubCacheList::openableCount() const {
    return static_cast<int>(
        std::ranges::count_if(models_, [](const CachedModel& model) { return model.problem.empty(); }));
}

void HubCacheList::refresh() {
    task_.start([folder = folder_.toStdString()](const std::stop_token& stop) { return cachedModels(folder, stop); },
                [this](std::vector<CachedModel> models) {
                    if (models == models_) return;
                    models_ = std::move(models);
                    emit changed();
                });
}

}  // namespace quantoscope
