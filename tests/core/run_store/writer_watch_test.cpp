// If this fails, a run that another machine writes is shown as interrupted because the clocks differ, or a dead one as
// running for ever.
#include "core/run_store/writer_watch.h"

#include <QDateTime>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace quantoscope;
using namespace std::chrono_literals;

class WriterWatchTest : public QObject {
    Q_OBJECT
private slots:
    void clocksThatDifferChangeNothing_data() {
        QTest::addColumn<int>("ahead_seconds");
        QTest::newRow("same") << 0;
        QTest::newRow("their clock is behind") << -90;
        QTest::newRow("their clock is ahead") << 90;
    }
    void clocksThatDifferChangeNothing() {
        QFETCH(int, ahead_seconds);
        QTemporaryDir folder;
        const std::filesystem::path run(folder.path().toStdString());
        WriterWatch watch;
        const auto start = WriterWatch::Clock::now();
        auto now = start;
        for (int beats = 0; now < start + 120s; ++beats, now += 8s) {
            QVERIFY(beat(folder, "them", beats, ahead_seconds));
            QVERIFY(watch.lives(run, now));
        }
        QVERIFY(watch.lives(run, now + 4s));
        QVERIFY(!watch.lives(run, now + 30s));  // it beats no more
        QVERIFY(beat(folder, "somebody else", 0, ahead_seconds));
        QVERIFY(watch.lives(run, now + 31s));
    }
    void whatDiedLongAgoIsNotBelieved() {
        QTemporaryDir folder;
        const std::filesystem::path run(folder.path().toStdString());
        QVERIFY(beat(folder, "them", 7, -3 * 3600));
        WriterWatch watch;
        const auto now = WriterWatch::Clock::now();
        QVERIFY(!watch.lives(run, now));
        QVERIFY(!watch.lives(run, now + 2s));
        QVERIFY(beat(folder, "them", 8, -3 * 3600));  // their clock is hours behind, but it beats
        QVERIFY(watch.lives(run, now + 4s));
    }
    void aFolderWithoutAWriterHasNone() {
        QTemporaryDir folder;
        WriterWatch watch;
        QVERIFY(!watch.lives(folder.path().toStdString()));
        QFile lock(folder.filePath("lock"));
        QVERIFY(lock.open(QIODevice::WriteOnly));
        QVERIFY(!watch.lives(folder.path().toStdString()));
    }

private:
    static bool beat(const QTemporaryDir& folder, const char* token, int beats, int ahead_seconds) {
        QFile lock(folder.filePath("lock"));
        if (!lock.open(QIODevice::WriteOnly)) return false;
        lock.write(QStringLiteral(R"({"token":"%1","host":"another machine","pid":1,"beats":%2})")
                       .arg(QLatin1String(token))
                       .arg(beats)
                       .toUtf8());
        return lock.flush() &&
               lock.setFileTime(QDateTime::currentDateTime().addSecs(ahead_seconds), QFileDevice::FileModificationTime);
    }
};

QTEST_GUILESS_MAIN(WriterWatchTest)
#include "writer_watch_test.moc"
