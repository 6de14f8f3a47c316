// Adds a benchmark score to runs that are finished: one worker job per run.
#pragma once

#include <QDialog>

#include "app/workbench/session/session.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace quantoscope {

class OptionForm;

class EvaluateDialog : public QDialog {
    Q_OBJECT

public:
    /// `chosen` is ticked at first.
    EvaluateDialog(Session& session, const QList<RunKey>& chosen, QWidget* parent);

private:
    void fillRuns(const QList<RunKey>& chosen);
    QWidget* buildDataRow();
    void showBenchmark();
    std::string benchmark() const;
    void refreshButton();
    bool dataFits();  ///< says on the dialog why not
    void start();
    QList<RunKey> tickedRuns() const;

    Session& session_;
    QListWidget* runs_ = nullptr;
    QComboBox* benchmark_ = nullptr;
    QLabel* help_ = nullptr;
    QLabel* problem_ = nullptr;
    QLineEdit* data_ = nullptr;
    OptionForm* form_ = nullptr;
    QPushButton* start_ = nullptr;
};

/// The worker's arguments for one run.
QStringList evaluateArguments(const RunKey& run, const std::string& benchmark, const QString& data,
                              const OptionValues& options);

}  // namespace quantoscope
