// From a linear down to its single weights: error per input channel, error per group, and the weights of a group over
// their grid. What is chosen moves the session's selection; what the selection says is shown.
#pragma once

#include <QWidget>

#include "app/workbench/session/session.h"

namespace quantoscope {

class Card;
class ErrorMatrix;
class GroupWeightsView;
class StripView;

class LinearStrips : public QWidget {
    Q_OBJECT

public:
    /// `errors` lives as long as this and is set to the linear shown.
    LinearStrips(Session& session, ErrorMatrix& errors, QWidget* parent = nullptr);

    /// `pinned` may be null: the same linear of the pinned run. showPlace() is to follow.
    void setLinear(const RunKey& run, const LinearRecord& linear, const LinearRecord* pinned, const QString& name,
                   const QColor& colour);
    void clear(const QString& why);
    /// The place inside the linear that the session's selection names.
    void showPlace();

signals:
    /// A channel range was activated (double click, Enter): the map is to zoom there.
    void channelsActivated(qint64 first, qint64 last);

private:
    void buildStrips();
    void buildWeights();
    Card* card(const QString& title, const QString& name, QWidget* view);
    void selectChannels(qint64 first, qint64 last);
    void selectGroup(qint64 group);
    void requestWeights();
    void showProblem(const Error& problem);
    qint64 groupCount() const { return static_cast<qint64>(groups_.mean_squared_error.size()); }

    Session& session_;
    ErrorMatrix& errors_;
    RunKey run_;
    QString name_;
    GroupErrors groups_;
    qint64 columns_ = 0;
    qint64 rows_ = 0;
    qint64 shown_row_ = -1;
    Card* channel_card_ = nullptr;
    StripView* channels_ = nullptr;
    Card* group_card_ = nullptr;
    StripView* group_strip_ = nullptr;
    Card* weights_card_ = nullptr;
    GroupWeightsView* weights_ = nullptr;
};

}  // namespace quantoscope
