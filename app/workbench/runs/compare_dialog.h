// Another checkpoint against a model: the maps of a run without quantizing anything.
#pragma once

#include <QDialog>

#include "app/workbench/session/session.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;

namespace quantoscope {

class CompareDialog : public QDialog {
    Q_OBJECT

public:
    /// Models that are open are offered for both sides, the current one as the model.
    CompareDialog(Session& session, QWidget* parent);

private:
    void buildOutputs();
    QWidget* buildButtons();
    QWidget* pathRow(const QString& name, const QString& label, QComboBox*& box);
    Recipe recipe() const;
    void refresh();
    /// Opens both from their headers away from this thread; what is wrong is said on the dialog.
    void start();
    void showProblem(const QString& problem);

    Session& session_;
    QComboBox* model_ = nullptr;
    QComboBox* checkpoint_ = nullptr;
    QCheckBox* outputs_ = nullptr;
    QLabel* problem_ = nullptr;
    QPushButton* start_ = nullptr;
    bool starting_ = false;  ///< the plan is being made
};

}  // namespace quantoscope
