#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QTextStream>
#include <QTimer>
#include <algorithm>
#include <span>
#include <string_view>

#include "app/workbench/report/report_maker.h"
#include "app/workbench/workbench.h"

namespace quantoscope {
namespace {

SessionPaths sessionPaths(const Settings& settings) {
    SessionPaths paths = SessionPaths::standard();
    if (!settings.runsFolder().isEmpty()) paths.runs = settings.runsFolder();
    return paths;
}

void open(Workbench& workbench, const QCommandLineParser& parser) {
    workbench.session().runs().rescan();
    if (parser.isSet(QStringLiteral("demo")))
        workbench.openDemo();
    else if (parser.isSet(QStringLiteral("example")))
        workbench.openExample();
    else if (parser.positionalArguments().isEmpty())
        workbench.restoreSession();
    workbench.openPaths(parser.positionalArguments());
}

/// `--report FOLDER FILE`: writes the report and ends, without a window.
int makeReport(const QStringList& arguments) {
    QTextStream errors(stderr);
    if (arguments.size() != 2) {
        errors << QApplication::tr("--report needs a run folder and a file: quantoscope --report RUN report.html\n");
        return 2;
    }
    Session session(SessionPaths::standard());
    const QString folder = QFileInfo(arguments[0]).absoluteFilePath();
    session.runs().addFolder(folder);
    int status = 1;
    const auto say = [&](const Error& error) {
        errors << QString::fromStdString(error.message) << Qt::endl;
        QCoreApplication::exit(1);
    };
    QObject::connect(&session, &Session::failed, &session, say);
    QObject::connect(
        &session.runs(), &RunCatalog::scanned, &session,
        [&] {
            const auto* found = session.runs().findFolder(folder);
            if (found == nullptr || !found->problem.isEmpty())
                return say(
                    {found == nullptr ? "There is no run folder " + folder.toStdString() : found->problem.toStdString(),
                     {},
                     folder.toStdString()});
            auto* maker = new ReportMaker(session, folder, QFileInfo(arguments[1]).absoluteFilePath(), &session);
            QObject::connect(maker, &ReportMaker::failed, &session, say);
            QObject::connect(maker, &ReportMaker::finished, &session, [&] {
                status = 0;
                QCoreApplication::exit(0);
            });
            maker->start();
        },
        Qt::SingleShotConnection);
    session.runs().rescan();
    const int code = QApplication::exec();
    return status == 0 ? code : 1;
}

}  // namespace

int runWorkbench(int argument_count, char** arguments) {
    // A report needs no screen, so it can be made on a cluster.
    const std::span given(arguments, static_cast<std::size_t>(argument_count));
    if (std::ranges::any_of(given, [](const char* argument) { return std::string_view(argument) == "--report"; }))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argument_count, arguments);
    QApplication::setApplicationName(QStringLiteral("quantoscope"));
    QApplication::setApplicationDisplayName(QStringLiteral("Quantoscope"));
    QApplication::setApplicationVersion(QStringLiteral(QUANTOSCOPE_VERSION));
    QCommandLineParser parser;
    parser.setApplicationDescription(QApplication::tr("Shows what low-bit quantization does to LLaMA models."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption({QStringLiteral("demo"), QApplication::tr("Open the demo with its sweep ready to run.")});
    parser.addOption(
        {QStringLiteral("example"), QApplication::tr("Open the example model with a pipeline ready to run.")});
    parser.addOption({QStringLiteral("report"),
                      QApplication::tr("Write the report of a run folder to an HTML or PDF file, without a window: "
                                       "--report RUN FILE.")});
    parser.addPositionalArgument(QStringLiteral("PATH"), QApplication::tr("Models, run folders or recipes to open."),
                                 QStringLiteral("[PATH...]"));
    parser.process(application);
    if (parser.isSet(QStringLiteral("report"))) return makeReport(parser.positionalArguments());
    Settings settings;
    ThemeController theme(application);
    theme.setChoice(settings.theme());
    Workbench workbench(sessionPaths(settings), settings, theme);
    workbench.window().show();
    // Files are opened once the window is on the screen.
    QTimer::singleShot(0, &workbench, [&] { open(workbench, parser); });
    return QApplication::exec();
}

}  // namespace quantoscope
