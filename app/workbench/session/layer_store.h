// Metrics of every finished block of the runs in view, and the full record of the linear being looked at. Files are
// read in the background; numbers are kept, tile maps only for the block at hand.
#pragma once

#include <QHash>
#include <QObject>
#include <QSet>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/workbench/session/background.h"
#include "app/workbench/session/run_key.h"
#include "core/analysis/layer_record.h"
#include "core/base/result.h"

namespace quantoscope {

/// Metric values of one block, by LinearRole; an empty map for a linear that was not quantized.
using BlockMetrics = std::array<std::map<std::string, double>, 7>;

/// What is loaded of one run.
struct RunMetrics {
    std::map<int, BlockMetrics> blocks;
};

class LayerStore : public QObject {
    Q_OBJECT

public:
    explicit LayerStore(QObject* parent = nullptr) : QObject(parent) {}

    /// What is known now (maybe nothing); call require() to have the rest loaded.
    std::shared_ptr<const RunMetrics> metrics(const RunKey& run) const { return metrics_.value(run); }
    /// Loads blocks that have been finished since; ends in metricsChanged() when there are new ones.
    void require(const RunKey& run);
    void forget(const RunKey& run);

    /// The full record of a block; null until recordReady().
    std::shared_ptr<const LayerRecord> record(const RunKey& run, int block) const;
    void requireRecord(const RunKey& run, int block);

signals:
    void metricsChanged(const quantoscope::RunKey& run);
    void recordReady(const quantoscope::RunKey& run, int block);
    void failed(const quantoscope::RunKey& run, const quantoscope::Error& error);

private:
    struct Loaded {
        std::map<int, BlockMetrics> blocks;
        std::optional<Error> error;
    };
    struct Held {
        RunKey run;
        int block = -1;
        std::shared_ptr<const LayerRecord> record;
    };
    static Loaded load(const RunKey& run, const std::set<int>& known);
    void takeMetrics(const RunKey& run, Loaded loaded);
    void hold(const RunKey& run, int block, std::shared_ptr<const LayerRecord> record);

    QHash<RunKey, std::shared_ptr<const RunMetrics>> metrics_;
    QSet<RunKey> loading_;
    QSet<RunKey> again_;     // asked for while loading
    QList<Held> held_;       // most recently used last
    QSet<QString> reading_;  // records under way
    QSet<QString> broken_;   // could not be read: said once, until something new comes
};

}  // namespace quantoscope
