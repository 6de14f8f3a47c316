#include "app/workbench/frame/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "app/workbench/frame/mode_bar.h"
#include "app/workbench/frame/page_widget.h"
#include "widgets/error_banner/error_banner.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr int kLayoutVersion = 1;
constexpr QSize kFirstSize{1440, 900};
constexpr int kSideWidth = 264;

}  // namespace

MainWindow::MainWindow(Session& session, Settings& settings) : session_(session), settings_(settings) {
    setObjectName(QStringLiteral("main_window"));
    setWindowTitle(QStringLiteral("Quantoscope"));
    setAcceptDrops(true);
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks | GroupedDragging);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    resize(kFirstSize);
    mode_bar_ = new ModeBar(this);
    addToolBar(Qt::TopToolBarArea, mode_bar_);
    auto* centre = new QWidget(this);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    banner_ = new ErrorBanner(centre);
    banner_->setObjectName(QStringLiteral("error_banner"));
    pages_ = new QStackedWidget(centre);
    pages_->setObjectName(QStringLiteral("pages"));
    layout->addWidget(banner_);
    layout->addWidget(pages_, 1);
    setCentralWidget(centre);
    inspectors_ = new QStackedWidget(this);
    connect(mode_bar_, &ModeBar::modeChosen, this, &MainWindow::showPage);
    connect(&session_, &Session::failed, this, &MainWindow::showError);
    connect(&session_, &Session::pathOpened, banner_, &ErrorBanner::dismiss);  // what was tried again went well
    connect(&session_.jobs(), &JobQueue::idle, this, [this] {
        if (closing_) close();
    });
}

void MainWindow::addPage(const QString& id, const QString& title, PageWidget* page) {
    if (page_index_.isEmpty())
        addDock(QStringLiteral("inspector"), tr("Inspector"), Qt::RightDockWidgetArea, inspectors_);
    page->setObjectName(QStringLiteral("page_") + id);
    page_index_.insert(id, pages_->addWidget(page));
    auto* scroll = new QScrollArea(inspectors_);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    page->inspector()->setProperty("role", QStringLiteral("panel"));
    scroll->setWidget(page->inspector());
    inspectors_->addWidget(scroll);
    mode_bar_->addMode(id, title);
    if (page_.isEmpty()) showPage(id);
}

QDockWidget* MainWindow::addDock(const QString& id, const QString& title, Qt::DockWidgetArea area, QWidget* content) {
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(QStringLiteral("dock_") + id);
    content->setProperty("role", QStringLiteral("panel"));
    dock->setWidget(content);
    dock->toggleViewAction()->setObjectName(QStringLiteral("toggle_") + id);
    addDockWidget(area, dock);
    docks_.insert(id, dock);
    dock_order_.append(dock);
    return dock;
}

void MainWindow::showPage(const QString& id) {
    const auto found = page_index_.constFind(id);
    if (found == page_index_.constEnd()) return;
    page_ = id;
    pages_->setCurrentIndex(*found);
    inspectors_->setCurrentIndex(*found);
    mode_bar_->setMode(id);
    focusPage();
    emit pageChanged(id);
}

void MainWindow::focusPage() {
    auto* page = qobject_cast<PageWidget*>(pages_->currentWidget());
    auto* first = page->firstView();
    const bool seen = first != nullptr && first->isVisibleTo(page) && first->isEnabled();
    (seen ? first : page)->setFocus(Qt::OtherFocusReason);
}

QWidget* MainWindow::pageWidget() const {
    return pages_->currentWidget();
}

void MainWindow::addStrip(QWidget* strip) {
    auto* column = qobject_cast<QVBoxLayout*>(centralWidget()->layout());
    column->insertWidget(column->indexOf(pages_), strip);
}

void MainWindow::showError(const Error& error) {
    banner_->showError(error);
}

void MainWindow::restoreLayout() {
    QList<QDockWidget*> sides;
    QList<int> widths;
    for (auto* dock : dock_order_) {
        const auto area = dockWidgetArea(dock);
        if (area != Qt::LeftDockWidgetArea && area != Qt::RightDockWidgetArea) continue;
        sides.append(dock);
        widths.append(kSideWidth);
    }
    resizeDocks(sides, widths, Qt::Horizontal);
    default_layout_ = saveState(kLayoutVersion);
    const auto geometry = settings_.geometry();
    if (!geometry.isEmpty()) restoreGeometry(geometry);
    const auto layout = settings_.layout();
    if (!layout.isEmpty()) restoreState(layout, kLayoutVersion);
}

void MainWindow::resetLayout() {
    restoreState(default_layout_, kLayoutVersion);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!session_.jobs().isIdle()) {
        event->ignore();
        if (!closing_) askBeforeClosing();
        return;
    }
    settings_.setWindow(saveGeometry(), saveState(kLayoutVersion));
    emit aboutToClose();
    event->accept();
    // The window may be hidden while the last job ends, so the program does not notice by itself that it was the last.
    QMetaObject::invokeMethod(qApp, &QCoreApplication::quit, Qt::QueuedConnection);
}

void MainWindow::askBeforeClosing() {
    if (question_ != nullptr) {
        question_->raise();
        return;
    }
    const auto* job = session_.jobs().running();
    const bool paused = job != nullptr && job->state == JobState::paused;
    auto* box =
        new QMessageBox(QMessageBox::Question, tr("Quantoscope"),
                        paused ? tr("A job is paused.") : tr("A job is still running."), QMessageBox::NoButton, this);
    box->setObjectName(QStringLiteral("close_question"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("What has been finished is kept, and the run can be resumed later."));
    auto* stop = box->addButton(tr("Stop the job and close"), QMessageBox::DestructiveRole);
    auto* wait = box->addButton(paused ? tr("Continue it, close when it is done") : tr("Close when it is done"),
                                QMessageBox::AcceptRole);
    box->setDefaultButton(box->addButton(tr("Keep open"), QMessageBox::RejectRole));
    stop->setObjectName(QStringLiteral("stop_and_close"));
    wait->setObjectName(QStringLiteral("close_when_done"));
    question_ = box;
    connect(box, &QObject::destroyed, this, [this] { question_ = nullptr; });
    connect(stop, &QPushButton::clicked, this, [this] {
        closing_ = true;
        session_.jobs().cancelAll();
    });
    connect(wait, &QPushButton::clicked, this, &MainWindow::closeWhenIdle);
    box->open();
}

void MainWindow::closeWhenIdle() {
    closing_ = true;
    session_.jobs().resumeAll();
    if (session_.jobs().isIdle()) close();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    for (const auto& url : event->mimeData()->urls())
        if (url.isLocalFile()) session_.openPath(url.toLocalFile());
    event->acceptProposedAction();
}

}  // namespace quantoscope
