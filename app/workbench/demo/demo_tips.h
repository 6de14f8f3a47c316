// What each page is for, said while the demo's model is looked at; hidden page by page, and remembered.
#pragma once

#include <QObject>

#include "app/workbench/settings/settings.h"

namespace quantoscope {

class DemoOpener;
class MainWindow;
class Session;
class TipStrip;

class DemoTips : public QObject {
    Q_OBJECT

public:
    DemoTips(MainWindow& window, Session& session, Settings& settings, const DemoOpener& demo);
    /// Brings back every tip that was hidden.
    void showAgain();
    void refresh();

private:
    MainWindow& window_;
    Settings& settings_;
    const DemoOpener& demo_;
    TipStrip* strip_ = nullptr;
};

}  // namespace quantoscope
