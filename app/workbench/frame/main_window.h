// The frame: mode bar, pages, docks, one place for errors. It knows no page's inside; workbench.cpp puts them together.
#pragma once

#include <QHash>
#include <QMainWindow>

#include "app/workbench/session/session.h"
#include "app/workbench/settings/settings.h"

class QDockWidget;
class QStackedWidget;

namespace quantoscope {

class ErrorBanner;
class ModeBar;
class PageWidget;

class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    MainWindow(Session& session, Settings& settings);

    void addPage(const QString& id, const QString& title, PageWidget* page);
    /// A panel that can float, tab, close and come back from View.
    QDockWidget* addDock(const QString& id, const QString& title, Qt::DockWidgetArea area, QWidget* content);
    /// A band between the error banner and the page, shown when it wants to.
    void addStrip(QWidget* strip);
    void showPage(const QString& id);
    /// The keyboard to the page on view.
    void focusPage();
    QString page() const { return page_; }
    QWidget* pageWidget() const;
    QDockWidget* dock(const QString& id) const { return docks_.value(id); }
    const QList<QDockWidget*>& docks() const { return dock_order_; }
    ModeBar& modeBar() { return *mode_bar_; }
    ErrorBanner& banner() { return *banner_; }

    void showError(const Error& error);
    /// Call when all docks are in: remembers the layout as the default one and brings back the user's.
    void restoreLayout();
    void resetLayout();

signals:
    void pageChanged(const QString& id);
    void aboutToClose();

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void askBeforeClosing();
    void closeWhenIdle();

    Session& session_;
    Settings& settings_;
    ModeBar* mode_bar_ = nullptr;
    ErrorBanner* banner_ = nullptr;
    QStackedWidget* pages_ = nullptr;
    QStackedWidget* inspectors_ = nullptr;
    QHash<QString, int> page_index_;
    QString page_;
    QHash<QString, QDockWidget*> docks_;
    QList<QDockWidget*> dock_order_;
    QByteArray default_layout_;
    QWidget* question_ = nullptr;
    bool closing_ = false;
};

}  // namespace quantoscope
