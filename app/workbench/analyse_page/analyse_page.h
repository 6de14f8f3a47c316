// The Analyse page: maps of the selected runs, the curve along the blocks, and the selected linear from close by.
#pragma once

#include "app/workbench/frame/page_widget.h"
#include "app/workbench/session/session.h"
#include "core/analysis/layer_record.h"
#include "widgets/theme/colour_map.h"

class QComboBox;
class QPushButton;
class QStackedWidget;

namespace quantoscope {

class Card;
class EmptyState;
class FactList;
class LinearDetail;
class PlotCanvas;
class RangeControl;
class RunMaps;

class AnalysePage : public PageWidget {
    Q_OBJECT

public:
    explicit AnalysePage(Session& session, QWidget* parent = nullptr);
    QWidget* inspector() const override { return inspector_; }
    QWidget* firstView() const override;

signals:
    void pipelineWanted();

private:
    QWidget* buildBar();
    void buildMetric(QWidget* bar);
    void connectBar();
    QWidget* buildBody();
    void buildInspector();
    void buildEmpty();
    void takeMetric();
    void refresh();
    void refreshCurve();
    /// Runs without calibration data have no output errors: another metric is shown, unless the user asked for this
    /// one.
    void chooseMeasured();
    bool isMeasured(int metric_index) const;
    void refreshRange();
    void refreshFacts();
    void refreshContent();
    void showSelection();
    void selectSome();
    const MetricDescription& metric() const;
    ScaleKind scale() const;

    Session& session_;
    Selection shown_;
    QStackedWidget* stack_ = nullptr;
    EmptyState* empty_ = nullptr;
    QWidget* content_ = nullptr;
    QComboBox* metric_ = nullptr;
    bool metric_chosen_ = false;  ///< by the user
    QComboBox* scale_ = nullptr;
    QPushButton* changes_ = nullptr;
    RangeControl* range_ = nullptr;
    RunMaps* maps_ = nullptr;
    Card* curve_card_ = nullptr;
    PlotCanvas* curve_ = nullptr;
    LinearDetail* detail_ = nullptr;
    QWidget* inspector_ = nullptr;
    FactList* facts_ = nullptr;
};

}  // namespace quantoscope
