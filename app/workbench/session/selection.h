// The one selection that drives every panel, with a history to walk back and forward through.
#pragma once

#include <QList>
#include <QObject>
#include <optional>

#include "app/workbench/session/run_key.h"
#include "core/model/model_config.h"

namespace quantoscope {

/// Input channels (columns), both ends included.
struct ChannelRange {
    qint64 first = 0;
    qint64 last = 0;
    friend bool operator==(const ChannelRange&, const ChannelRange&) = default;
};

struct Selection {
    QList<RunKey> runs;  ///< the first is the one the single-run panels show
    int block = -1;      ///< -1: none
    std::optional<LinearRole> linear;
    std::optional<ChannelRange> channels = {};  ///< of the linear
    std::optional<qint64> group = {};           ///< of the linear: columns that share a scale
    std::optional<qint64> row = {};             ///< output channel; nothing: whichever a view thinks worth a look

    bool isEmpty() const { return runs.isEmpty() && block < 0; }
    bool hasLinear() const { return block >= 0 && linear.has_value(); }
    friend bool operator==(const Selection&, const Selection&) = default;
};

class SelectionModel : public QObject {
    Q_OBJECT

public:
    explicit SelectionModel(QObject* parent = nullptr) : QObject(parent) {}

    const Selection& current() const { return current_; }
    bool canGoBack() const { return !past_.isEmpty(); }
    bool canGoForward() const { return !future_.isEmpty(); }

    /// Moves every panel; the same selection again changes nothing and leaves no mark in the history.
    void select(const Selection& selection);
    void selectRuns(const QList<RunKey>& runs);
    /// Another linear has channels and groups of its own: those selected before are let go.
    void selectLinear(int block, LinearRole role);
    /// A place inside the selected linear; without a linear it does nothing.
    void selectInside(std::optional<ChannelRange> channels, std::optional<qint64> group, std::optional<qint64> row);
    /// Adds the run, or takes it out when it is in.
    void toggleRun(const RunKey& run);
    /// Runs that are gone leave the selection and its history.
    void forgetRun(const RunKey& run);
    void clear() { select({}); }
    void back();
    void forward();

signals:
    void changed();

private:
    void moveTo(const Selection& selection);

    Selection current_;
    QList<Selection> past_;
    QList<Selection> future_;
};

}  // namespace quantoscope
