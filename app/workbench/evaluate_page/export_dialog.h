// Exports a finished run as a checkpoint that other programs load, through the worker.
#pragma once

#include <QDialog>

#include "app/workbench/session/background.h"
#include "app/workbench/session/session.h"
#include "core/formats/exporter.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace quantoscope {

class OptionForm;

/// Why a run cannot be written in each format, by format id; empty text when it can.
std::map<std::string, QString> exportReasons(const RunKey& run, const ConfigurationInfo& info);

class ExportDialog : public QDialog {
    Q_OBJECT

public:
    ExportDialog(Session& session, const RunKey& run, QWidget* parent);

private:
    QWidget* buildFolderRow();
    void takeReasons(const std::map<std::string, QString>& reasons);
    void showFormat();
    void refreshButton();
    void start();
    const FormatDescription* format() const;

    Session& session_;
    RunKey run_;
    std::map<std::string, QString> reasons_;
    QComboBox* formats_ = nullptr;
    QLabel* summary_ = nullptr;
    QLabel* reason_ = nullptr;
    OptionForm* form_ = nullptr;
    QLineEdit* folder_ = nullptr;
    QPushButton* start_ = nullptr;
    bool format_chosen_ = false;  // by the user
    bool folder_edited_ = false;
    LatestTask task_{this};
};

/// The worker's arguments.
QStringList exportArguments(const RunKey& run, const std::string& format, const QString& folder,
                            const OptionValues& options);

}  // namespace quantoscope
