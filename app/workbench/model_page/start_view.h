// What the window shows while no model is open: what can be opened, and for who is new the demo first.
#pragma once

#include "app/workbench/session/session.h"
#include "widgets/empty_state/empty_state.h"

namespace quantoscope {

class StartView : public EmptyState {
    Q_OBJECT

public:
    explicit StartView(Session& session, QWidget* parent = nullptr);
    /// What is being got ready before a model opens; empty: nothing.
    void setPreparing(const QString& text);

signals:
    void openModelWanted();
    void openDemoWanted();

private:
    void refresh();

    Session& session_;
    QString preparing_;
    bool demo_first_ = true;
};

}  // namespace quantoscope
