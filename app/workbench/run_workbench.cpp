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

void open(Workbench& workbench, const QCommandLineParser& parser, const QCommandLineOption& example) {
    workbench.session().runs().rescan();
    if (parser.isSet(example))
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
    const QCommandLineOption example(QStringLiteral("example"),
                                     QApplication::tr("Open the example model with a pipeline ready to run."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption(example);
    parser.addPositionalArgument(QStringLiteral("PATH"), QApplication::tr("Models, run folders or recipes to open."),
                                 QStringLiteral("[PATH...]"));
    parser.process(application);
    Settings settings;
    ThemeController theme(application);
    theme.setChoice(settings.theme());
    Workbench workbench(sessionPaths(settings), settings, theme);
    workbench.window().show();
    // Files are opened once the window is on the screen.
    QTimer::singleShot(0, &workbench, [&] { open(workbench, parser, example); });
    return QApplication::exec();
}

}  // namespace quantoscope
