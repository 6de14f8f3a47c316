// Open the demo: makes or checks its working copy in the background, then opens its model with the sweep in the
// pipeline. Nothing runs by itself.
#pragma once

#include <QFutureWatcher>
#include <QObject>
#include <stop_token>

#include "app/workbench/session/session.h"

namespace quantoscope {

class DemoOpener : public QObject {
    Q_OBJECT

public:
    /// `source` is the demo as shipped (shippedDemo()).
    DemoOpener(Session& session, QString source, QObject* parent = nullptr);
    ~DemoOpener() override;

    void open();
    /// Is the model that is looked at the demo's?
    bool isCurrent() const;

signals:
    /// "Preparing the demo… 40 %", and nothing once that is over.
    void preparing(const QString& text);
    /// The model opens and the pipeline holds the sweep.
    void opened();

private:
    void finish();

    Session& session_;
    QString source_;
    std::stop_source stop_;
    QFutureWatcher<Result<Recipe>> watcher_;
};

}  // namespace quantoscope
