// If this fails, models that people downloaded with Hugging Face tools are not found, or links lead out of the cache.
#include "core/formats/folder/hub_cache.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "core/formats/cached_models.h"
#include "core/formats/model_files.h"
#include "tests/support/test_files.h"

using namespace quantoscope;

namespace {

const QString kMain(40, 'a');
const QString kOther(40, 'b');

void write(const QString& path, const QByteArray& content) {
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

/// A cache with one model, two snapshots and refs/main, files as links to blobs.
void buildCache(const QString& root) {
    const auto model = root + "/models--org--tiny";
    const auto source = test::sharedFile("golden/llama3-tiny");
    write(model + "/refs/main", kMain.toLatin1() + "\n");
    QDir().mkpath(model + "/blobs");
    QVERIFY(QFile::copy(source + "/config.json", model + "/blobs/1111"));
    QVERIFY(QFile::copy(source + "/model.safetensors", model + "/blobs/2222"));
    for (const auto& commit : {kMain, kOther}) {
        const auto snapshot = model + "/snapshots/" + commit;
        QDir().mkpath(snapshot);
        QVERIFY(QFile::link("../../blobs/1111", snapshot + "/config.json"));
        QVERIFY(QFile::link("../../blobs/2222", snapshot + "/model.safetensors"));
    }
}

std::string refusal(const QString& path) {
    const auto model = ModelFiles::open(path.toStdString());
    return model ? std::string() : model.error().message;
}

}  // namespace

class HubCacheTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        if (test::sharedFile("golden/llama3-tiny").isEmpty()) QSKIP("needs ../shared/golden/llama3-tiny");
    }

    void allWaysOfPointingOpenTheSameFiles() {
        QTemporaryDir cache;
        buildCache(cache.path());
        const auto repository = cache.filePath("models--org--tiny");
        const auto snapshot = repository + "/snapshots/" + kMain;
        for (const auto& way : {snapshot, repository, cache.filePath("org/tiny"), repository + "/"}) {
            const auto model = ModelFiles::open(way.toStdString());
            QVERIFY2(model.has_value(), model ? "" : model.error().message.c_str());
            QVERIFY(QString::fromStdString((*model)->path().string()).endsWith(kMain));
        }
        qputenv("HF_HUB_CACHE", cache.path().toLocal8Bit());
        QVERIFY(resolveModelPath("org/tiny").has_value());
        qunsetenv("HF_HUB_CACHE");
        QVERIFY(refusal(cache.path()).find("hub cache with 1 models") != std::string::npos);
    }

    void withoutAMainVersionTheNewestIsUsedAndNamed() {
        QTemporaryDir cache;
        buildCache(cache.path());
        QVERIFY(QFile::remove(cache.filePath("models--org--tiny/refs/main")));
        const auto model = ModelFiles::open(cache.filePath("models--org--tiny").toStdString());
        QVERIFY(model.has_value());
        QVERIFY(!(*model)->warnings().empty());
        QVERIFY((*model)->warnings().front().find("newest of 2 snapshots") != std::string::npos);
    }

    void theCacheIsListed() {
        QTemporaryDir cache;
        buildCache(cache.path());
        write(cache.filePath("models--org--broken/refs/main"), kMain.toLatin1());
        write(cache.filePath("models--org--bert/snapshots/" + kOther + "/config.json"),
              R"({"architectures": ["BertModel"], "model_type": "bert"})");
        write(cache.filePath("datasets--org--text/refs/main"), kMain.toLatin1());
        const auto models = cachedModels(cache.path().toStdString());
        QCOMPARE(models.size(), std::size_t{3});
        QCOMPARE(models[0].id, std::string("org/tiny"));
        QVERIFY2(models[0].problem.empty(), models[0].problem.c_str());
        QCOMPARE(models[0].bytes, static_cast<std::uint64_t>(
                                      QFileInfo(test::sharedFile("golden/llama3-tiny/model.safetensors")).size()));
        QVERIFY(ModelFiles::open(models[0].path).has_value());
        QCOMPARE(models[1].id, std::string("org/bert"));
        QVERIFY(!models[1].problem.empty() && !models[2].problem.empty());
        QVERIFY(cachedModels("/nowhere/at/all").empty());
    }

    void linksMayNotLeaveTheModel() {
        QTemporaryDir cache;
        buildCache(cache.path());
        const auto weights = cache.filePath("models--org--tiny/snapshots/" + kMain + "/model.safetensors");
        QVERIFY(QFile::remove(weights));
        QVERIFY(QFile::link(test::sharedFile("golden/llama3-tiny/model.safetensors"), weights));
        QVERIFY(refusal(cache.filePath("org/tiny")).find("leaves the cache folder") != std::string::npos);
        QVERIFY(QFile::remove(weights));
        QVERIFY(QFile::link("../../blobs/not-there", weights));
        QVERIFY(!refusal(cache.filePath("org/tiny")).empty());
    }
};
QTEST_APPLESS_MAIN(HubCacheTest)
#include "hub_cache_test.moc"
