// A workbench of its own for a test: settings, runs and presets in a temporary folder.
#pragma once

#include <QApplication>
#include <QTemporaryDir>
#include <QtTest>
#include <memory>

#include "app/workbench/workbench.h"
#include "core/run_store/run_folder.h"
#include "tests/support/test_files.h"

namespace quantoscope::test {

struct WorkbenchFixture {
    QTemporaryDir folder;
    std::unique_ptr<Settings> settings;
    std::unique_ptr<ThemeController> theme;
    std::unique_ptr<Workbench> workbench;

    WorkbenchFixture() {
        qputenv("QUANTOSCOPE_WORKER", workerProgram().toUtf8());
        settings = std::make_unique<Settings>(folder.filePath(QStringLiteral("settings.ini")));
        theme = std::make_unique<ThemeController>(*qApp);
        theme->setChoice(ThemeChoice::dark);
        workbench = std::make_unique<Workbench>(SessionPaths::below(folder.path()), *settings, *theme);
    }
    MainWindow& window() { return workbench->window(); }
    Session& session() { return workbench->session(); }
    /// A text to calibrate and evaluate on: the shipped one, else sentences of our own.
    QString textFile() const {
        const QString shipped = shippedText(QStringLiteral("evaluation"));
        if (!shipped.isEmpty()) return shipped;
        const QString path = folder.filePath(QStringLiteral("text.txt"));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly)) return {};
        for (int i = 0; i < 200; ++i)
            file.write("The river rises in the hills and runs past eleven villages before it meets the sea.\n");
        return path;
    }
    template <typename Widget>
    Widget* child(const char* name) {
        auto* found = window().findChild<Widget*>(QLatin1String(name));
        if (found == nullptr) qWarning("no widget named %s", name);
        return found;
    }
};

/// A run folder with one configuration that is done, as a worker leaves it (no layers).
inline QString makeRunFolder(const QString& path, const std::string& configuration, const std::string& state = "done") {
    auto opened = RunFolder::openForWriting(path.toStdString());
    if (!opened) return QString::fromStdString(opened.error().message);
    ConfigurationInfo info;
    info.id = configuration;
    info.state = state;
    Score score;
    score.benchmark = "wikitext2";
    score.metric = "perplexity";
    score.value = 12.5;
    Recipe recipe;
    recipe.model = "nowhere";
    for (const Status& status : {(*opened)->writeRecipe(recipeJson(recipe)), (*opened)->writeManifest("{}"),
                                 (*opened)->writeConfiguration(info), (*opened)->writeScore(configuration, score)})
        if (!status) return QString::fromStdString(status.error().message);
    return {};
}

}  // namespace quantoscope::test
