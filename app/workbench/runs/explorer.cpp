#include "app/workbench/runs/explorer.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QSplitter>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include "app/workbench/runs/run_actions.h"
#include "app/workbench/runs/run_tree_model.h"
#include "widgets/model_tree/model_tree_model.h"
#include "widgets/theme/tokens.h"

namespace quantoscope {
namespace {

QTreeView* plainTree(const QString& name, const QString& accessible, QAbstractItemModel* model, QWidget* parent) {
    auto* view = new QTreeView(parent);
    view->setObjectName(name);
    view->setAccessibleName(accessible);
    view->setModel(model);
    view->setHeaderHidden(true);
    view->setFrameShape(QFrame::NoFrame);
    view->setIndentation(14);
    view->setUniformRowHeights(true);
    view->setTextElideMode(Qt::ElideMiddle);  // names of tensors begin alike
    view->header()->setStretchLastSection(false);
    view->header()->setMinimumSectionSize(30);
    view->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    view->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    view->setContextMenuPolicy(Qt::CustomContextMenu);
    return view;
}

QLabel* hintLabel(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setProperty("role", QStringLiteral("muted"));
    label->setWordWrap(true);
    label->setContentsMargins(12, 2, 12, 6);
    return label;
}

}  // namespace

Explorer::Explorer(Session& session, RunActions& actions, QWidget* parent)
    : QWidget(parent), session_(session), actions_(actions) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    layout->addWidget(splitter);
    buildModels();
    buildRuns();
    splitter->addWidget(model_view_->parentWidget());
    splitter->addWidget(run_view_->parentWidget());
    splitter->setSizes({300, 420});
    connect(&session_.models(), &ModelList::changed, this, &Explorer::refreshModels);
    connect(&session_.runs(), &RunCatalog::changed, this, &Explorer::refreshRuns);
    connect(&session_.jobs(), &JobQueue::changed, this, &Explorer::refreshInterrupted);
    connect(&session_, &Session::baselineChanged, this, [this] { runs_->setBaseline(session_.baseline()); });
    connect(&session_.selection(), &SelectionModel::changed, this, &Explorer::showSelection);
    refreshModels();
    refreshRuns();
}

QWidget* Explorer::sectionHead(const QString& text, const QString& button_name, QToolButton*& button) {
    auto* head = new QWidget(this);
    head->setProperty("role", QStringLiteral("panel"));
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(12, 8, 6, 2);
    auto* label = new QLabel(text, head);
    label->setProperty("role", QStringLiteral("section"));
    button = new QToolButton(head);
    button->setObjectName(button_name);
    button->setAutoRaise(true);
    row->addWidget(label, 1);
    row->addWidget(button);
    return head;
}

void Explorer::buildModels() {
    auto* part = new QWidget(this);
    part->setProperty("role", QStringLiteral("panel"));
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    models_ = new ModelTreeModel(this);
    QToolButton* add = nullptr;
    layout->addWidget(sectionHead(tr("MODELS"), QStringLiteral("open_model"), add));
    add->setText(QStringLiteral("+"));
    add->setToolTip(tr("Open a model"));
    add->setAccessibleName(tr("Open a model"));
    model_hint_ = hintLabel(tr("Drop a model folder or a .gguf file anywhere."), part);
    layout->addWidget(model_hint_);
    model_view_ = plainTree(QStringLiteral("model_tree"), tr("Models"), models_, part);
    layout->addWidget(model_view_, 1);
    connect(add, &QToolButton::clicked, this, &Explorer::openModelWanted);
    connect(model_view_->selectionModel(), &QItemSelectionModel::currentChanged, this, &Explorer::takeModelSelection);
    connect(model_view_, &QTreeView::customContextMenuRequested, this, &Explorer::showModelMenu);
}

void Explorer::buildRuns() {
    auto* part = new QWidget(this);
    part->setProperty("role", QStringLiteral("panel"));
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    runs_ = new RunTreeModel(this);
    runs_->setTokens(tokensOf(this));
    QToolButton* refresh = nullptr;
    layout->addWidget(sectionHead(tr("RUNS · PERPLEXITY"), QStringLiteral("refresh_runs"), refresh));
    refresh->setText(QStringLiteral("⟳"));
    refresh->setToolTip(tr("Read the runs folder again"));
    refresh->setAccessibleName(tr("Read the runs folder again"));
    run_hint_ =
        hintLabel(tr("Finished and running configurations appear here. Set them up on the Pipeline page."), part);
    layout->addWidget(run_hint_);
    run_view_ = plainTree(QStringLiteral("run_tree"), tr("Runs"), runs_, part);
    run_view_->setTextElideMode(Qt::ElideRight);  // method and bits stand first
    run_view_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    run_view_->setEditTriggers(QAbstractItemView::EditKeyPressed);
    layout->addWidget(run_view_, 1);
    layout->addWidget(buildInterrupted(part));
    connect(refresh, &QToolButton::clicked, &session_.runs(), &RunCatalog::rescan);
    connect(run_view_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &Explorer::takeRunSelection);
    connect(run_view_, &QTreeView::customContextMenuRequested, this, &Explorer::showRunMenu);
    connect(runs_, &RunTreeModel::renamed, &session_.runs(), &RunCatalog::rename);
    connect(&actions_, &RunActions::renameWanted, this,
            [this](const QString& folder) { run_view_->edit(runs_->indexOfFolder(folder)); });
}

QWidget* Explorer::buildInterrupted(QWidget* parent) {
    interrupted_ = new QWidget(parent);
    interrupted_->setObjectName(QStringLiteral("interrupted_runs"));
    auto* row = new QHBoxLayout(interrupted_);
    row->setContentsMargins(12, 6, 8, 8);
    interrupted_text_ = new QLabel(interrupted_);
    interrupted_text_->setProperty("role", QStringLiteral("muted"));
    interrupted_text_->setWordWrap(true);
    auto* resume = new QPushButton(tr("Resume"), interrupted_);
    resume->setObjectName(QStringLiteral("resume_interrupted"));
    resume->setToolTip(tr("Goes on after the last finished block"));
    row->addWidget(interrupted_text_, 1);
    row->addWidget(resume);
    connect(resume, &QPushButton::clicked, this, [this] {
        if (const auto runs = session_.interruptedRuns(); !runs.empty()) session_.resumeRun(runs.front()->folder);
    });
    return interrupted_;
}

void Explorer::refreshInterrupted() {
    const auto runs = session_.interruptedRuns();
    interrupted_->setVisible(!runs.empty());
    if (runs.empty()) return;
    interrupted_text_->setText(
        runs.size() == 1 ? tr("“%1” was interrupted.").arg(runs.front()->name)
                         : tr("%1 runs were interrupted, “%2” first.").arg(runs.size()).arg(runs.front()->name));
}

void Explorer::refreshModels() {
    const auto& open = session_.models().models();
    QStringList paths;
    for (const auto& model : open) paths.append(model->path);
    for (qsizetype row = model_paths_.size() - 1; row >= 0; --row) {
        if (paths.contains(model_paths_[row])) continue;
        models_->removeModel(static_cast<int>(row));
        model_paths_.removeAt(row);
    }
    for (const auto& model : open) {
        if (model_paths_.contains(model->path)) continue;
        models_->addModel(model->files, model->name);
        model_paths_.append(model->path);
        model_view_->expand(models_->index(models_->rowCount() - 1, 0));
    }
    model_hint_->setVisible(model_paths_.isEmpty());
    model_hint_->setText(session_.models().isOpening() ? tr("Opening…")
                                                       : tr("Drop a model folder or a .gguf file anywhere."));
}

void Explorer::refreshRuns() {
    const QScopedValueRollback guard(following_, true);
    runs_->setFolders(session_.runs().folders());
    run_view_->expandAll();
    run_hint_->setVisible(session_.runs().folders().empty());
    refreshInterrupted();
    showSelection();
}

void Explorer::takeModelSelection() {
    if (following_) return;
    const auto chosen = models_->selection(model_view_->currentIndex());
    if (chosen.model < 0 || chosen.model >= model_paths_.size()) return;
    session_.models().setCurrent(model_paths_[chosen.model]);
    if (chosen.block >= 0 && chosen.role) session_.selection().selectLinear(chosen.block, *chosen.role);
    emit modelChosen(model_paths_[chosen.model]);
}

void Explorer::takeRunSelection() {
    if (following_) return;
    QList<RunKey> keys;
    for (const auto& index : run_view_->selectionModel()->selectedRows())
        if (const auto key = runs_->runAt(index); !key.isNull()) keys.append(key);
    session_.selection().selectRuns(keys);
}

void Explorer::showSelection() {
    const QScopedValueRollback guard(following_, true);
    QItemSelection wanted;
    for (const auto& key : session_.selection().current().runs)
        if (const auto index = runs_->indexOf(key); index.isValid())
            wanted.select(index, index.siblingAtColumn(RunTreeModel::value_column));
    run_view_->selectionModel()->select(wanted, QItemSelectionModel::ClearAndSelect);
    const auto& selection = session_.selection().current();
    const auto current = session_.models().current();
    if (selection.block < 0 || !current) return;
    const auto index =
        models_->indexOf(static_cast<int>(model_paths_.indexOf(current->path)), selection.block, selection.linear);
    if (index.isValid()) model_view_->setCurrentIndex(index);
}

void Explorer::showModelMenu(const QPoint& position) {
    const auto chosen = models_->selection(model_view_->indexAt(position));
    if (chosen.model < 0 || chosen.model >= model_paths_.size()) return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QString path = model_paths_[chosen.model];
    connect(menu->addAction(tr("Close model")), &QAction::triggered, this,
            [this, path] { session_.models().close(path); });
    menu->popup(model_view_->viewport()->mapToGlobal(position));
}

void Explorer::showRunMenu(const QPoint& position) {
    const auto index = run_view_->indexAt(position);
    const QString folder = runs_->folderAt(index);
    if (folder.isEmpty()) return;
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("run_menu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    actions_.fill(*menu, folder, runs_->runAt(index));
    menu->popup(run_view_->viewport()->mapToGlobal(position));
}

void Explorer::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && runs_ != nullptr) runs_->setTokens(tokensOf(this));
    QWidget::changeEvent(event);
}

}  // namespace quantoscope
