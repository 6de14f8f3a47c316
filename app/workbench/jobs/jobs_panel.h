// All jobs of this session: reorder and remove what waits, cancel what runs, read why one failed.
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace quantoscope {

class JobQueue;
struct Job;

class JobsPanel : public QWidget {
    Q_OBJECT

public:
    explicit JobsPanel(JobQueue& jobs, QWidget* parent = nullptr);

signals:
    void showRunWanted(const QString& run_folder);

private:
    void refresh();
    void refreshButtons();
    const Job* current() const;
    QPushButton* addButton(const QString& name, const QString& text);

    JobQueue& jobs_;
    QTreeWidget* list_ = nullptr;
    QLabel* details_ = nullptr;
    QPushButton* up_ = nullptr;
    QPushButton* down_ = nullptr;
    QPushButton* cancel_ = nullptr;
    QPushButton* remove_ = nullptr;
};

}  // namespace quantoscope
