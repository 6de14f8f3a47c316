// What is decided on the Bits page, as steps that can be undone.
#pragma once

#include <QElapsedTimer>
#include <QPointer>
#include <QUndoCommand>

#include "app/workbench/bits_page/bits_study.h"

namespace quantoscope {

/// Decisions for the sweep on view. Undone and done again they go to that sweep, whatever is on view then.
class BitsCommand : public QUndoCommand {
public:
    /// `continuous`: one of many small steps of one movement; those that follow each other quickly are one.
    BitsCommand(BitsStudy& study, BitsDecisions after, const QString& label, bool continuous);

    void undo() override;
    void redo() override;
    int id() const override;
    bool mergeWith(const QUndoCommand* next) override;

private:
    QPointer<BitsStudy> study_;
    QString key_;
    BitsDecisions before_;
    BitsDecisions after_;
    bool continuous_;
    QElapsedTimer since_;
};

}  // namespace quantoscope
