// An application that measures the CPU time of every event its GUI thread handles, to find what makes a window stutter.
// CPU time and not the clock: a busy machine slows handlers down without their fault.
#pragma once

#include <QApplication>
#include <QElapsedTimer>
#include <QMetaEnum>
#include <QThread>
#include <algorithm>
#include <ctime>
#include <vector>

namespace quantoscope::test {

struct WatchedHandler {
    double cpu_ms = 0.0;
    QString what;  ///< "MetaCall to RunCatalog 'runs'; in it 40 ms LayoutRequest to QMainWindow 'main_window'"
};

class WatchedApplication : public QApplication {
public:
    using QApplication::QApplication;

    /// Forgets what was measured and measures from now on.
    void watch() {
        handlers_.clear();
        watching_ = true;
    }
    void unwatch() { watching_ = false; }
    /// The longest handlers, longest first.
    std::vector<WatchedHandler> longest(std::size_t count) {
        std::ranges::sort(handlers_, std::greater<>(), &WatchedHandler::cpu_ms);
        handlers_.resize(std::min(handlers_.size(), count));
        return handlers_;
    }

    bool notify(QObject* receiver, QEvent* event) override {
        if (!watching_ || QThread::currentThread() != thread()) return QApplication::notify(receiver, event);
        // The receiver may be gone afterwards; naming it costs little beside what is looked for.
        const QString name = nameOf(*receiver, *event);
        const double before = cpuMs();
        ++depth_;
        const bool taken = QApplication::notify(receiver, event);
        --depth_;
        const double spent = cpuMs() - before;
        if (depth_ > 0) {
            if (spent > inner_.cpu_ms && spent > kNoted) inner_ = {spent, name};
            return taken;
        }
        if (spent > kNoted) {
            QString what = name;
            if (!inner_.what.isEmpty()) what += QStringLiteral("; in it %1 ms %2").arg(inner_.cpu_ms).arg(inner_.what);
            handlers_.push_back({spent, what});
        }
        inner_ = {};
        return taken;
    }

private:
    static constexpr double kNoted = 2.0;  // ms

    static double cpuMs() {
        timespec time{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
    }
    static QString nameOf(const QObject& receiver, const QEvent& event) {
        const char* type = QMetaEnum::fromType<QEvent::Type>().valueToKey(event.type());
        return QStringLiteral("%1 to %2 '%3'")
            .arg(QLatin1String(type != nullptr ? type : "event"), QLatin1String(receiver.metaObject()->className()),
                 receiver.objectName());
    }

    bool watching_ = false;
    int depth_ = 0;
    WatchedHandler inner_;
    std::vector<WatchedHandler> handlers_;
};

}  // namespace quantoscope::test
