// Failing here: the demo could not be repeated from a shell, or a recipe would look for its files in the folder the
// shell happens to be in.
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/worker/worker_process.h"

using namespace quantoscope;

namespace {

const QString kDemo = QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/resources/demo");

QJsonObject demoRecipe() {
    QFile file(kDemo + QStringLiteral("/recipe.json"));
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

/// A folder laid out as the demo's, with one method, one bit width and little text.
bool makeSmallDemo(const QString& folder) {
    auto recipe = demoRecipe();
    recipe[QStringLiteral("methods")] = QJsonArray{recipe[QStringLiteral("methods")].toArray().first()};
    recipe[QStringLiteral("bits")] = QJsonArray{4};
    auto evaluation = recipe[QStringLiteral("evaluations")].toArray().first().toObject();
    evaluation[QStringLiteral("limit")] = 1;
    recipe[QStringLiteral("evaluations")] = QJsonArray{evaluation};
    QFile file(folder + QStringLiteral("/recipe.json"));
    return file.open(QIODevice::WriteOnly) && file.write(QJsonDocument(recipe).toJson()) > 0 &&
           QFile::link(kDemo + QStringLiteral("/model"), folder + QStringLiteral("/model")) &&
           QFile::link(kDemo + QStringLiteral("/text"), folder + QStringLiteral("/text"));
}

}  // namespace

class DemoRecipeTest : public QObject {
    Q_OBJECT

private slots:
    void namesFilesOfTheDemoOnly() {
        const auto recipe = demoRecipe();
        QVERIFY(!recipe.isEmpty());
        QStringList paths{recipe[QStringLiteral("calibration")].toObject()[QStringLiteral("data")].toString()};
        for (const auto& evaluation : recipe[QStringLiteral("evaluations")].toArray())
            paths << evaluation.toObject()[QStringLiteral("data")].toString();
        for (const auto& path : paths) {
            QVERIFY2(QDir::isRelativePath(path), qPrintable(path));
            QVERIFY2(QFile::exists(kDemo + QLatin1Char('/') + path), qPrintable(path));
        }
        QCOMPARE(recipe[QStringLiteral("model")].toString(), QStringLiteral("model"));
    }

    void runsFromAnyFolder() {
        if (!QFile::exists(kDemo + QStringLiteral("/model/model.safetensors"))) QSKIP("needs resources/demo/model");
        const QTemporaryDir folder;
        QVERIFY(makeSmallDemo(folder.path()));
        const QString recipe = folder.filePath(QStringLiteral("recipe.json"));
        const auto plan = test::runWorker({QStringLiteral("plan"), recipe});
        QVERIFY2(plan.exit_status == 0, qPrintable(plan.message()));
        const auto run =
            test::runWorker({QStringLiteral("run"), recipe, QStringLiteral("--run"), folder.filePath("run")});
        QVERIFY2(run.exit_status == 0, qPrintable(run.message()));
        QCOMPARE(run.object["state"].toString(), QStringLiteral("done"));
        const auto configurations = run.object["configurations"].toArray();
        QCOMPARE(configurations.size(), 2);
        QCOMPARE(configurations.first()["id"].toString(), QStringLiteral("original"));
        for (const auto& row : configurations) {
            const auto id = row.toObject()[QStringLiteral("id")].toString();
            QVERIFY(QFile::exists(folder.filePath(QStringLiteral("run/configurations/%1/scores.h5").arg(id))));
            QVERIFY(row.toObject()[QStringLiteral("scores")].toArray().first()[QStringLiteral("value")].toDouble() >
                    1.0);
        }
    }
};

QTEST_GUILESS_MAIN(DemoRecipeTest)
#include "demo_recipe_test.moc"
