// All jobs of this session and the runs that were interrupted: reorder and remove what waits, pause, continue and
// cancel what runs, resume what stopped, read why one failed.
#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QTreeWidget;

namespace quantoscope {

class JobQueue;
class Session;
struct Job;

class JobsPanel : public QWidget {
    Q_OBJECT

public:
    explicit JobsPanel(Session& session, QWidget* parent = nullptr);

signals:
    void showRunWanted(const QString& run_folder);

protected:
    void changeEvent(QEvent* event) override;

private:
    QHBoxLayout* buildButtons();
    void refresh();
    void refreshButtons();
    const Job* current() const;
    /// The run folder that Resume would go on with; empty when there is nothing to resume.
    QString resumable() const;
    QPushButton* addButton(const QString& name, const QString& text);

    Session& session_;
    JobQueue& jobs_;
    QTreeWidget* list_ = nullptr;
    QLabel* details_ = nullptr;
    QPushButton* up_ = nullptr;
    QPushButton* down_ = nullptr;
    QPushButton* pause_ = nullptr;
    QPushButton* cancel_ = nullptr;
    QPushButton* resume_ = nullptr;
    QPushButton* remove_ = nullptr;
};

}  // namespace quantoscope
