// If this fails, a power cut or an out-of-memory kill loses finished work, or a resumed run gives other numbers.
#include <signal.h>

#include <QCryptographicHash>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QMap>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include "tests/app/worker/worker_process.h"
#include "tests/support/sample_recipe.h"
#include "tests/support/tiny_model.h"

using namespace quantoscope;
using test::runWorker;

namespace {

QMap<QString, QByteArray> resultHashes(const QString& folder) {
    QMap<QString, QByteArray> hashes;
    QDirIterator files(folder, {"*.h5", "*.safetensors"}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (!file.open(QIODevice::ReadOnly)) continue;
        hashes[QDir(folder).relativeFilePath(file.fileName())] =
            QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256);
    }
    return hashes;
}

}  // namespace

class KillAndResumeTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QVERIFY(folder_.isValid());
        QVERIFY(test::writeTinyModel(path("model").toStdString(), {.block_count = 24}).has_value());
        QVERIFY(test::writePseudoText(path("text.txt").toStdString(), 100000, 5).has_value());
        auto recipe = test::sampleRecipe(path("model").toStdString(), path("text.txt").toStdString());
        recipe.methods = {{"gptq", {}}, {"rtn", {}}};
        recipe.bits = {4, 3};
        recipe.group_sizes = {32};
        recipe.calibration.samples = 24;
        recipe.calibration.sequence_length = 256;
        recipe.evaluations[0].benchmark = "text";
        recipe.evaluations[0].limit = 8;
        QFile file(path("recipe.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(recipeJson(recipe)));
    }
    void twentyKillsLoseNothing() {
        QElapsedTimer timer;
        timer.start();
        const auto calm = runWorker({"run", path("recipe.json"), "--run", path("calm")});
        QVERIFY2(calm.exit_status == 0, qPrintable(calm.message()));
        const auto span_ms = static_cast<int>(timer.elapsed());

        QRandomGenerator random(7);
        int kills = 0;
        int folder = 0;
        for (int attempt = 0; kills < 20 && attempt < 60; ++attempt) {
            QProcess worker;
            worker.start(test::workerProgram(),
                         {"run", path("recipe.json"), "--run", path(QString("rough%1").arg(folder))});
            QVERIFY(worker.waitForStarted());
            QThread::msleep(static_cast<unsigned long>(random.bounded(20, std::max(40, span_ms * 2 / 5))));
            if (worker.state() == QProcess::Running) {
                ::kill(static_cast<pid_t>(worker.processId()), SIGKILL);
                ++kills;
            }
            worker.waitForFinished();
            if (worker.exitStatus() == QProcess::NormalExit) ++folder;  // it got through: start another folder
        }
        QVERIFY2(kills >= 20, qPrintable(QString::number(kills)));
        const auto wanted = resultHashes(path("calm"));
        QVERIFY(wanted.size() > 24 * 8);
        for (int i = 0; i <= folder; ++i) {
            const auto name = QString("rough%1").arg(i);
            const auto done = runWorker({"run", path("recipe.json"), "--run", path(name)});
            QVERIFY2(done.exit_status == 0, qPrintable(done.message()));
            QCOMPARE(resultHashes(path(name)), wanted);
        }
    }
    void aFinishedRunIsLeftAlone() {
        const auto before = resultHashes(path("calm"));
        QFile layer(path("calm/configurations/rtn-w4-g32/layers/000.h5"));
        const auto time = layer.fileTime(QFile::FileModificationTime);
        const auto again = runWorker({"run", path("calm")});
        QVERIFY2(again.exit_status == 0, qPrintable(again.message()));
        QCOMPARE(resultHashes(path("calm")), before);
        QCOMPARE(QFile(layer.fileName()).fileTime(QFile::FileModificationTime), time);
    }
    void cancelAnswersWithinASecond() {
        QProcess worker;
        worker.start(test::workerProgram(), {"run", path("recipe.json"), "--run", path("cancelled"), "--json"});
        QTRY_VERIFY(QFile::exists(path("cancelled/events.jsonl")));
        QThread::msleep(200);
        QVERIFY2(worker.state() == QProcess::Running, "the run was over before it could be cancelled");
        QElapsedTimer timer;
        timer.start();
        worker.terminate();
        QVERIFY(worker.waitForFinished());
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(worker.exitCode(), 3);
    }
    void aFileCutShortIsSaid() {
        QProcess worker;
        worker.start(test::workerProgram(), {"run", path("recipe.json"), "--run", path("cut")});
        QTRY_VERIFY(QFile::exists(path("cut/events.jsonl")));
        ::kill(static_cast<pid_t>(worker.processId()), SIGBUS);  // what a read past a file's new end raises
        QVERIFY(worker.waitForFinished());
        QCOMPARE(worker.exitStatus(), QProcess::NormalExit);
        QCOMPARE(worker.exitCode(), 1);
        QVERIFY(worker.readAllStandardError().contains("a file became shorter"));
    }
    void aFullDiskIsSaidAndLosesNothing() {
        const auto small = path("small");
        QDir().mkpath(small);
        if (QProcess::execute("mount", {"-t", "tmpfs", "-o", "size=300k", "tmpfs", small}) != 0)
            QSKIP("needs the right to mount a small tmpfs");
        const auto result = runWorker({"run", path("recipe.json"), "--run", small + "/run"});
        const auto finished = QDir(small + "/run/configurations/rtn-w4-g32/layers").entryList({"*.h5"}).size();
        QProcess::execute("umount", {small});
        QCOMPARE(result.exit_status, 1);
        QVERIFY2(result.message().contains("disk") || result.message().contains("space"), qPrintable(result.message()));
        qInfo("%lld blocks were kept; said: %s", static_cast<long long>(finished), qPrintable(result.message()));
    }
    void anUnwritableFolderIsSaid() {
        const auto result = runWorker({"run", path("recipe.json"), "--run", "/proc/quantoscope-run"});
        QCOMPARE(result.exit_status, 1);
        QVERIFY(result.message().size() > 15);
    }
    void anotherModelIsRefused() {
        QVERIFY(test::writeTinyModel(path("model").toStdString(), {.block_count = 24, .seed = 2}).has_value());
        QDir(path("calm/configurations/gptq-w4-g32/layers")).remove("020.h5");
        QFile info(path("calm/configurations/gptq-w4-g32/configuration.json"));
        QVERIFY(info.open(QIODevice::ReadWrite));
        const auto text = info.readAll().replace("\"done\"", "\"failed\"");
        info.resize(0);
        info.seek(0);
        info.write(text);
        info.close();
        const auto result = runWorker({"run", path("calm")});
        QCOMPARE(result.exit_status, 1);
        QVERIFY2(result.message().contains("new run folder"), qPrintable(result.message()));
    }

private:
    QString path(const QString& name) const { return folder_.filePath(name); }
    QTemporaryDir folder_;
};
QTEST_GUILESS_MAIN(KillAndResumeTest)
#include "kill_and_resume_test.moc"
