// The Inspector of the Pipeline page: options of the chip that is selected, or of the whole recipe.
#pragma once

#include <QWidget>
#include <optional>

#include "app/workbench/session/pipeline_document.h"

class QLabel;
class QPushButton;

namespace quantoscope {

class OptionForm;

class ChipInspector : public QWidget {
    Q_OBJECT

public:
    ChipInspector(PipelineDocument& document, const PipelineCatalogue& catalogue, QWidget* parent = nullptr);
    void showChip(std::optional<ChipRef> chip);

signals:
    void dataFileWanted(quantoscope::ChipRef chip);

private:
    void refresh();
    void showMethod(int index);
    void showCalibration();
    void showEvaluation(int index);
    void showExport(int index);
    void showCheckpoint(int index);
    void showSwept();
    void showRecipe();
    void setHead(const QString& title, const QString& text);
    void setData(const std::string& path, bool questions = false);
    void setForm(const std::vector<OptionDescription>& options, const OptionValues& values,
                 const QStringList& hidden = {});
    void takeValues(const OptionValues& values, const QString& label);

    PipelineDocument& document_;
    const PipelineCatalogue& catalogue_;
    std::optional<ChipRef> chip_;
    QLabel* title_ = nullptr;
    QLabel* summary_ = nullptr;
    QLabel* data_ = nullptr;
    QPushButton* choose_ = nullptr;
    OptionForm* form_ = nullptr;
    bool editing_ = false;  // the change comes from this form: do not build it again under the user's hands
};

}  // namespace quantoscope
