// The maps at the top of the Analyse page: one per selected run, all with one metric, one scale and one range, and the
// difference of the first two.
#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "app/workbench/session/session.h"
#include "widgets/heatmap/heatmap_data.h"
#include "widgets/theme/colour_map.h"

class QGridLayout;

namespace quantoscope {

class Card;
class HeatmapView;

/// What the maps show of the metric.
enum class MapContent { values, change };  ///< change: less the pinned baseline's

class RunMaps : public QWidget {
    Q_OBJECT

public:
    explicit RunMaps(Session& session, QWidget* parent = nullptr);

    void setMetric(const MetricDescription& metric, ScaleKind scale, MapContent content);
    /// Can changes be shown: is a baseline pinned that has values?
    bool hasBaseline() const;
    /// The metric as shown: a change is signed and linear.
    const MetricDescription& shownMetric() const { return shown_metric_; }
    void setRange(const ValueRange& range);
    /// Locked, the difference keeps the symmetric range it shows; otherwise it follows its values.
    void setRangeLocked(bool locked);
    /// The runs on view, newest data.
    void refresh();
    /// All finite values of the runs on view.
    std::vector<double> values() const;
    std::vector<RunKey> runs() const;
    /// Null while there is none.
    QWidget* firstMap() const;
    HeatmapData dataOf(const RunKey& run) const;
    HeatmapData shownOf(const RunKey& run) const;  ///< values or changes

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Map {
        RunKey run;
        Card* card = nullptr;
        HeatmapView* view = nullptr;
    };
    Map makeMap(const RunKey& run);
    void wire(HeatmapView& view);
    void layOut();
    int columnsFor(int width) const;
    void showMap(const Map& map);
    void showDifference();
    void showSelection();

    Session& session_;
    MetricDescription metric_;
    MetricDescription shown_metric_;
    MapContent content_ = MapContent::values;
    ScaleKind scale_ = ScaleKind::linear;
    QGridLayout* grid_ = nullptr;
    int columns_ = 0;
    std::vector<Map> maps_;
    Card* difference_card_ = nullptr;
    HeatmapView* difference_ = nullptr;
    bool range_locked_ = false;
    std::optional<ValueRange> locked_difference_;
};

}  // namespace quantoscope
