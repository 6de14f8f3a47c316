// The Pipeline page: the chain of stages, what it will make and cost, presets, the recipe as a file and as a command.
#pragma once

#include "app/workbench/frame/page_widget.h"
#include "app/workbench/pipeline_page/presets.h"
#include "app/workbench/session/session.h"

class QLabel;
class QMenu;
class QToolButton;

namespace quantoscope {

class ChipInspector;
class PipelineEditor;
class PlannedRuns;

class PipelinePage : public PageWidget {
    Q_OBJECT

public:
    explicit PipelinePage(Session& session, QWidget* parent = nullptr);
    QWidget* inspector() const override;
    QWidget* firstView() const override;
    void loadPreset(const Preset& preset);
    void saveRecipe();
    void saveAsPreset();
    void copyAsCommand();

private:
    QWidget* buildBar();
    void buildPresetMenu();
    void refresh();
    void refreshPlan();
    void chooseData(ChipRef chip);
    void takeData(ChipRef chip, const QString& path);

    Session& session_;
    PipelineCatalogue catalogue_;
    PipelineEditor* editor_ = nullptr;
    PlannedRuns* planned_ = nullptr;
    ChipInspector* inspector_ = nullptr;
    QToolButton* presets_ = nullptr;
    QMenu* preset_menu_ = nullptr;
    QLabel* said_ = nullptr;
    QLabel* warnings_ = nullptr;
};

}  // namespace quantoscope
