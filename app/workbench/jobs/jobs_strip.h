// The strip at the bottom: what runs, how far it is, how long it will take.
#pragma once

#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace quantoscope {

class JobQueue;
struct Job;

class JobsStrip : public QWidget {
    Q_OBJECT

public:
    explicit JobsStrip(JobQueue& jobs, QWidget* parent = nullptr);
    /// Work of the window itself, shown while no job runs; empty: none.
    void setPreparing(const QString& text);

signals:
    void detailsWanted();

private:
    void buildLabels();
    void buildButtons();
    void refresh();
    void showJob(const Job& job);
    void showIdle();

    JobQueue& jobs_;
    QString preparing_;
    QLabel* title_ = nullptr;
    QLabel* stage_ = nullptr;
    QProgressBar* progress_ = nullptr;
    QLabel* eta_ = nullptr;
    QLabel* memory_ = nullptr;
    QLabel* mark_ = nullptr;
    QToolButton* pause_ = nullptr;
    QToolButton* cancel_ = nullptr;
    QToolButton* queued_ = nullptr;
};

}  // namespace quantoscope
