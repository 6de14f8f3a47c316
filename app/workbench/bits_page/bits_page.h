// The Bits page: which linears get how many bits, so that the model fits a size at the least predicted loss.
#pragma once

#include "app/workbench/bits_page/bits_study.h"
#include "app/workbench/frame/page_widget.h"
#include "app/workbench/session/session.h"

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSlider;
class QStackedWidget;

namespace quantoscope {

class BrushBar;
class Card;
class EmptyState;
class FactList;
class PlotCanvas;

class BitsPage : public PageWidget {
    Q_OBJECT

public:
    explicit BitsPage(Session& session, QWidget* parent = nullptr);
    QWidget* inspector() const override { return inspector_; }
    QWidget* firstView() const override;
    const BitsStudy& study() const { return study_; }

signals:
    void pipelineWanted();

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* buildBar();
    QWidget* buildChart();
    QWidget* buildSize();
    QWidget* buildMap();
    void buildInspector();
    void connectStudy();
    void fillSweeps();
    void fillSweepChoice(const QStringList& texts);
    void openWhenSeen();
    void openChosen();
    void refresh();
    void refreshEmpty();
    void refreshAssigned();
    /// A step that can be undone; nothing where nothing is on view.
    void setSize(double bits_per_weight);
    void setBits(const QList<HeatmapCell>& cells, std::optional<std::int64_t> bits);
    void clearBits();
    void refreshSizes();
    void refreshFacts();
    void act();
    void measure();
    void useInPipeline();
    bool isMeasuring() const;

    struct Entry {
        QString folder;
        BitSweep sweep;
    };

    Session& session_;
    BitsStudy study_;
    std::vector<Entry> entries_;
    QStringList finished_;  // runs of the model when the sweep was read
    QStackedWidget* stack_ = nullptr;
    EmptyState* empty_ = nullptr;
    QComboBox* sweep_ = nullptr;
    QPushButton* use_ = nullptr;
    QPushButton* clear_ = nullptr;
    Card* chart_card_ = nullptr;
    PlotCanvas* chart_ = nullptr;
    QSlider* slider_ = nullptr;
    QDoubleSpinBox* spin_ = nullptr;
    QLabel* size_ = nullptr;
    Card* map_card_ = nullptr;
    BitsMap* map_ = nullptr;
    BrushBar* brushes_ = nullptr;
    QWidget* inspector_ = nullptr;
    FactList* facts_ = nullptr;
    bool filling_ = false;
};

}  // namespace quantoscope
