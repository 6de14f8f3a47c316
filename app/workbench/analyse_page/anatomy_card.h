// "Where the error comes from": the error anatomy of the selected linear in every selected run.
#pragma once

#include "app/workbench/session/session.h"
#include "widgets/card/card.h"

class QComboBox;

namespace quantoscope {

class AnatomyView;

class AnatomyCard : public Card {
    Q_OBJECT

public:
    explicit AnatomyCard(Session& session, QWidget* parent = nullptr);
    /// The selection's runs, at most four, at its linear.
    void refresh();

private:
    Session& session_;
    AnatomyView* view_ = nullptr;
    QComboBox* scale_ = nullptr;
};

}  // namespace quantoscope
