// The runs a pipeline would make, and what each phase is expected to take.
#pragma once

#include <QWidget>

#include "core/pipeline/plan.h"

class QTreeWidget;

namespace quantoscope {

class Card;

class PlannedRuns : public QWidget {
    Q_OBJECT

public:
    explicit PlannedRuns(QWidget* parent = nullptr);
    void setPlan(const Plan& plan);
    void clear(const QString& why);

private:
    /// `widest`: the column that takes the room that is left.
    QTreeWidget* makeTable(const QString& name, const QStringList& header, const QList<int>& numbers, int widest);

    Card* runs_card_ = nullptr;
    Card* phases_card_ = nullptr;
    QTreeWidget* runs_ = nullptr;
    QTreeWidget* phases_ = nullptr;
};

/// "≈ 14 min · 5.6 GB memory · 3.1 GB disk"
QString estimateText(const Plan& plan);

}  // namespace quantoscope
