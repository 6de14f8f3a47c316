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
    /// `names`: the columns that share the room the numbers leave, and lose their end where it is short.
    QTreeWidget* makeTable(const QString& name, const QStringList& header, const QList<int>& numbers,
                           const QList<int>& names);

    Card* runs_card_ = nullptr;
    Card* phases_card_ = nullptr;
    QTreeWidget* runs_ = nullptr;
    QTreeWidget* phases_ = nullptr;
};

/// "≈ 14 min · 5.6 GB memory · 3.1 GB disk"
QString estimateText(const Plan& plan);

}  // namespace quantoscope
