#include "app/workbench/session/layer_store.h"

#include "core/run_store/run_folder.h"

namespace quantoscope {
namespace {

constexpr qsizetype kHeldRecords = 8;

BlockMetrics metricsOf(const LayerRecord& record) {
    BlockMetrics metrics;
    for (const auto& linear : record.linears) metrics[static_cast<std::size_t>(linear.role)] = linear.metrics;
    return metrics;
}

QString recordName(const RunKey& run, int block) {
    return run.text() + QLatin1Char('#') + QString::number(block);
}

}  // namespace

LayerStore::Loaded LayerStore::load(const RunKey& run, const std::set<int>& known) {
    Loaded loaded;
    const auto folder = RunFolder::openForReading(run.folder.toStdString());
    if (!folder) {
        loaded.error = folder.error();
        return loaded;
    }
    const std::string id = run.configuration.toStdString();
    for (const auto block : (*folder)->finishedBlocks(id)) {
        if (known.contains(static_cast<int>(block))) continue;
        const auto record = (*folder)->layerMetrics(id, block);
        if (record)
            loaded.blocks.emplace(static_cast<int>(block), metricsOf(*record));
        else
            loaded.error = record.error();
    }
    return loaded;
}

void LayerStore::require(const RunKey& run) {
    if (run.isNull()) return;
    if (loading_.contains(run)) {
        again_.insert(run);
        return;
    }
    loading_.insert(run);
    std::set<int> known;
    if (const auto held = metrics_.value(run))
        for (const auto& [block, values] : held->blocks) known.insert(block);
    runInBackground(
        this, [run, known = std::move(known)] { return load(run, known); },
        [this, run](Loaded loaded) { takeMetrics(run, std::move(loaded)); });
}

void LayerStore::takeMetrics(const RunKey& run, Loaded loaded) {
    loading_.remove(run);
    if (!loaded.blocks.empty()) {
        auto next = std::make_shared<RunMetrics>();
        if (const auto held = metrics_.value(run)) *next = *held;
        next->blocks.merge(loaded.blocks);
        metrics_.insert(run, std::move(next));
        broken_.clear();
        emit metricsChanged(run);
    }
    if (loaded.error) emit failed(run, *loaded.error);
    if (again_.remove(run)) require(run);
}

void LayerStore::forget(const RunKey& run) {
    metrics_.remove(run);
    broken_.clear();
    held_.removeIf([&](const Held& held) { return held.run == run; });
}

std::shared_ptr<const LayerRecord> LayerStore::record(const RunKey& run, int block) const {
    for (const auto& held : held_)
        if (held.run == run && held.block == block) return held.record;
    return nullptr;
}

void LayerStore::requireRecord(const RunKey& run, int block) {
    const QString name = recordName(run, block);
    if (run.isNull() || block < 0 || record(run, block) || reading_.contains(name) || broken_.contains(name)) return;
    reading_.insert(name);
    runInBackground(
        this,
        [run, block]() -> Result<std::shared_ptr<const LayerRecord>> {
            QS_ASSIGN(const auto folder, RunFolder::openForReading(run.folder.toStdString()));
            QS_ASSIGN(auto record, folder->layerRecord(run.configuration.toStdString(), block));
            return std::make_shared<const LayerRecord>(std::move(record));
        },
        [this, run, block, name](Result<std::shared_ptr<const LayerRecord>> record) {
            reading_.remove(name);
            if (record)
                hold(run, block, std::move(*record));
            else {
                broken_.insert(name);
                emit failed(run, record.error());
            }
        });
}

void LayerStore::hold(const RunKey& run, int block, std::shared_ptr<const LayerRecord> record) {
    held_.append({run, block, std::move(record)});
    if (held_.size() > kHeldRecords) held_.removeFirst();
    emit recordReady(run, block);
}

}  // namespace quantoscope
