// The Explorer dock: open models above, runs below.
#pragma once

#include <QWidget>

#include "app/workbench/session/session.h"

class QLabel;
class QToolButton;
class QTreeView;

namespace quantoscope {

class ModelTreeModel;
class RunActions;
class RunTreeModel;

class Explorer : public QWidget {
    Q_OBJECT

public:
    Explorer(Session& session, RunActions& actions, QWidget* parent = nullptr);

signals:
    void openModelWanted();
    void modelChosen(const QString& path);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* sectionHead(const QString& text, const QString& button_name, QToolButton*& button);
    void buildModels();
    void buildRuns();
    void refreshModels();
    void refreshRuns();
    QWidget* buildInterrupted(QWidget* parent);
    void refreshInterrupted();
    void takeModelSelection();
    void takeRunSelection();
    void showSelection();
    void showModelMenu(const QPoint& position);
    void showRunMenu(const QPoint& position);

    Session& session_;
    RunActions& actions_;
    ModelTreeModel* models_ = nullptr;
    RunTreeModel* runs_ = nullptr;
    QTreeView* model_view_ = nullptr;
    QTreeView* run_view_ = nullptr;
    QLabel* run_hint_ = nullptr;
    QWidget* interrupted_ = nullptr;
    QLabel* interrupted_text_ = nullptr;
    QLabel* model_hint_ = nullptr;
    QStringList model_paths_;  // by row of models_
    bool following_ = false;   // the views show the selection and must not change it
};

}  // namespace quantoscope
