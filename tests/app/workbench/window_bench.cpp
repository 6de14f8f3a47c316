// How long the window keeps a person waiting: start, a 70B-shaped checkpoint, a finished run, and the longest handler
// on the GUI thread while a run streams in. Usage: window_bench [RUN_FOLDER]; without a run the last two are left out.
#include <QApplication>
#include <QElapsedTimer>
#include <QProcess>
#include <QTableView>
#include <QTemporaryDir>
#include <QThread>
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>

#include "app/workbench/workbench.h"
#include "core/pipeline/events.h"
#include "core/run_store/run_folder.h"
#include "tests/support/sparse_model.h"
#include "widgets/heatmap/heatmap_view.h"

using namespace quantoscope;

namespace {

constexpr int kTimes = 5;

double threadCpu_ms() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

/// Remembers the longest event handler of the GUI thread, by its CPU time; nested ones belong to the outer one.
class MeasuringApplication : public QApplication {
public:
    using QApplication::QApplication;
    bool notify(QObject* receiver, QEvent* event) override {
        const bool outer = std::exchange(inside_, true) == false;
        const std::string name = receiver->metaObject()->className();
        const int type = event->type();
        const double before = threadCpu_ms();
        const bool done = QApplication::notify(receiver, event);
        if (outer) {
            inside_ = false;
            if (const double took = threadCpu_ms() - before; took > longest_ms) {
                longest_ms = took;
                longest = name + ", event " + std::to_string(type);
            }
        }
        return done;
    }
    double longest_ms = 0.0;
    std::string longest;

private:
    bool inside_ = false;
};

bool waitFor(const std::function<bool()>& reached) {
    QElapsedTimer timer;
    timer.start();
    while (!reached() && timer.elapsed() < 60'000) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 5);
    return reached();
}

struct Window {
    QTemporaryDir folder;
    Settings settings{folder.filePath(QStringLiteral("settings.ini"))};
    ThemeController theme{*qApp};
    Workbench workbench{SessionPaths::below(folder.path()), settings, theme};

    Window() {
        workbench.window().resize(1440, 900);
        workbench.window().show();
        QCoreApplication::processEvents();
    }
};

/// The best of five, as a line of the report.
void report(const char* what, double goal_ms, const std::function<double()>& once) {
    double best = once();
    for (int i = 1; i < kTimes; ++i) best = std::min(best, once());
    std::printf("%-58s %8.1f ms   goal %5.0f   %s\n", what, best, goal_ms, best <= goal_ms ? "met" : "NOT MET");
    std::fflush(stdout);
}

double firstWindow(const QString& program) {
    QElapsedTimer timer;
    timer.start();
    QProcess process;
    process.start(program, {QStringLiteral("--first-window")});
    process.waitForFinished();
    return static_cast<double>(timer.nsecsElapsed()) * 1e-6;
}

double openModel(const QString& path) {
    Window window;
    auto* table = window.workbench.window().findChild<QTableView*>(QStringLiteral("tensor_table"));
    QElapsedTimer timer;
    timer.start();
    window.workbench.openPaths({path});
    waitFor([&] { return table->model()->rowCount() > 700; });
    window.workbench.window().repaint();
    return static_cast<double>(timer.nsecsElapsed()) * 1e-6;
}

double openRun(const QString& run, int configuration) {
    Window window;
    auto& session = window.workbench.session();
    QElapsedTimer timer;
    timer.start();
    window.workbench.openPaths({run});
    waitFor([&] { return !session.runs().folders().empty(); });
    const RunKey key = session.runs().folders().front().runs.at(static_cast<std::size_t>(configuration)).key;
    session.selection().selectRuns({key});
    const auto filled = [&] {
        const auto* map =
            window.workbench.window().findChild<HeatmapView*>(QStringLiteral("run_map_") + key.configuration);
        return map != nullptr && map->data().present().size() == 7 * 30;
    };
    waitFor(filled);
    window.workbench.window().repaint();
    return static_cast<double>(timer.nsecsElapsed()) * 1e-6;
}

/// The worker's part of the stream: writes the blocks of a finished run again, one every 100 ms.
int stream(const std::filesystem::path& source, const std::filesystem::path& target, const std::string& id) {
    const auto from = RunFolder::openForReading(source);
    const auto to = RunFolder::openForWriting(target);
    if (!from || !to) return 1;
    auto info = (*from)->configuration(id);
    if (!info || !(*to)->writeRecipe(*(*from)->recipeText()) || !(*to)->writeManifest(*(*from)->manifestText()))
        return 1;
    info->state = "running";
    for (const auto block : (*from)->finishedBlocks(id)) {
        const auto record = (*from)->layerRecord(id, block);
        const auto codes = (*from)->codes(id, block);
        info->finished_blocks = block + 1;
        if (!record || !codes || !(*to)->writeConfiguration(*info) || !(*to)->writeBlock(id, *record, *codes, "bench"))
            return 1;
        Event event{.kind = EventKind::block_finished, .configuration = id, .block = block, .text = {}};
        std::fprintf(stderr, "%s\n", eventJson(event).c_str());
        event.kind = EventKind::progress;
        event.text = "block";
        for (int i = 0; i < 10; ++i) {
            event.fraction = (static_cast<double>(block) + 0.1 * i) / 30.0;
            std::fprintf(stderr, "%s\n", eventJson(event).c_str());
            QThread::msleep(10);
        }
    }
    std::printf("{}\n");
    return 0;
}

double longestHandler(MeasuringApplication& application, const QString& run, const QString& id) {
    qputenv("QUANTOSCOPE_WORKER", QCoreApplication::applicationFilePath().toUtf8());
    Window window;
    auto& session = window.workbench.session();
    const RunKey key{session.paths().runs + QStringLiteral("/stream"), id};
    session.jobs().add({QStringLiteral("stream"), {QStringLiteral("--stream"), run, key.folder, id}, key.folder, {}});
    window.workbench.window().showPage(QStringLiteral("analyse"));
    waitFor([&] { return session.runs().find(key) != nullptr; });
    session.selection().selectRuns({key});
    session.selection().selectLinear(0, LinearRole::down_proj);
    QCoreApplication::processEvents();
    application.longest_ms = 0.0;
    waitFor([&] { return session.jobs().isIdle(); });
    return application.longest_ms;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc >= 5 && std::string_view(argv[1]) == "--stream") return stream(argv[2], argv[3], argv[4]);
    MeasuringApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == QStringLiteral("--first-window")) {
        Window window;
        window.workbench.window().repaint();
        return 0;
    }
    report("program start to the first painted window", 1000,
           [] { return firstWindow(QCoreApplication::applicationFilePath()); });
    const QTemporaryDir folder;
    if (const auto made = test::writeSparse70b(folder.path().toStdString()); !made)
        std::printf("no 70B-shaped checkpoint: %s\n", made.error().message.c_str());
    else
        report("70B-shaped checkpoint, choice to filled model page", 200, [&] { return openModel(folder.path()); });
    if (arguments.size() < 2) return 0;
    report("finished run, choice to filled map", 300, [&] { return openRun(arguments[1], 0); });
    const auto info = readRunInfo(arguments[1].toStdString());
    if (!info || info->configurations.empty()) return 1;
    const QString id = QString::fromStdString(info->configurations.front().id);
    report("longest handler while a run streams in (CPU time)", 50,
           [&] { return longestHandler(application, arguments[1], id); });
    std::printf("longest handler last time: %s\n", application.longest.c_str());
    return 0;
}
