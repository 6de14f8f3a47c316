// A folder to choose: its path, how much space is free there, and whether it can be written to.
#pragma once

#include <QWidget>

#include "app/workbench/session/background.h"

class QLabel;
class QLineEdit;
class QPushButton;

namespace quantoscope {

struct FolderState {
    qint64 free_bytes = -1;  ///< -1: the system does not tell
    QString problem;         ///< one sentence; empty when runs can be kept there
};

/// Looks at the disk and tries to write a file that it removes again; not for the GUI thread.
FolderState lookAtFolder(const QString& path);

class FolderField : public QWidget {
    Q_OBJECT

public:
    explicit FolderField(const QString& name, QWidget* parent = nullptr);
    /// Shows it, and what can be said of it. `usual` stands for an empty path.
    void setFolder(const QString& path, const QString& usual);
    QLineEdit* edit() const { return edit_; }

signals:
    /// A folder that was looked at and can be written to; empty: the usual one.
    void accepted(const QString& path);

private:
    void take(const QString& path);
    void look(const QString& path, bool wanted);
    void show(const FolderState& state);

    QString usual_;
    QString current_;
    QString asked_;  ///< looked at last
    LatestTask task_;
    QLineEdit* edit_ = nullptr;
    QPushButton* reset_ = nullptr;
    QLabel* state_ = nullptr;
};

}  // namespace quantoscope
