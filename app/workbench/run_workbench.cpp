#include <QApplication>
#include <QCommandLineParser>
#include <QTimer>

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

}  // namespace

int runWorkbench(int argument_count, char** arguments) {
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
    parser.addPositionalArgument(QStringLiteral("PATH"), QApplication::tr("Models, run folders or recipes to open."),
                                 QStringLiteral("[PATH...]"));
    parser.process(application);
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
