// If this fails, a broken or hostile file is opened, crashes the program, or is refused with a sentence that does not
// help.
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>
#include <array>

#include "core/formats/model_files.h"
#include "core/formats/safetensors_file.h"
#include "tests/support/test_files.h"

using namespace quantoscope;

namespace {

/// Words of four letters or more that say something; paths are left out.
QSet<QString> words(QString text) {
    static const QSet<QString> kCommon{"file",   "with",  "must", "this", "that", "from",        "than", "more", "does",
                                       "cannot", "could", "read", "open", "says", "safetensors", "gguf", "valid"};
    static const QRegularExpression kPath("[^\\s'\"]*/[^\\s'\"]*"), kWord("[a-z_]{4,}");
    text = text.toLower().remove(kPath);
    QSet<QString> found;
    for (auto match = kWord.globalMatch(text); match.hasNext();) found.insert(match.next().captured());
    return found - kCommon;
}

}  // namespace

class BadInputsTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        if (test::sharedFile("golden/bad/cases.json").isEmpty()) QSKIP("needs ../shared/golden/bad/cases.json");
    }

    void everyCaseIsToldApart_data() {
        QTest::addColumn<QJsonObject>("row");
        QFile file(test::sharedFile("golden/bad/cases.json"));
        if (!file.open(QIODevice::ReadOnly)) {
            QTest::newRow("absent") << QJsonObject();
            return;
        }
        for (const QJsonValue value : QJsonDocument::fromJson(file.readAll()).array()) {
            const auto kind = value["file"].toString().section('/', 0, 0);
            if (kind != "image" && kind != "tokenizer")
                QTest::newRow(qPrintable(value["file"].toString())) << value.toObject();
        }
    }
    void everyCaseIsToldApart() {
        QFETCH(QJsonObject, row);
        const auto name = row["file"].toString();
        const auto path = test::sharedFile("golden/bad/" + name);
        QTemporaryDir folder;
        const auto model = ModelFiles::open(target(name, path, folder).toStdString());
        if (row["must_accept"].toBool() && model) return;
        QVERIFY(!model.has_value());
        QVERIFY(!name.section('/', -1).startsWith("ok_"));
        const auto message = QString::fromStdString(model.error().message);
        QVERIFY2(message.size() >= 15 && message.size() <= 400, qPrintable(message));
        const auto told = words(message) & words(row["wrong"].toString() + " " + row["message"].toString());
        QVERIFY2(!told.isEmpty(), qPrintable(message));
        static const QRegularExpression kNumber("[0-9]+");
        messages_.insert(QString(message).replace(path.section('/', -1), "").replace(kNumber, "#"));
    }
    void messagesAreOfTheirOwn() { QVERIFY2(messages_.size() >= 60, qPrintable(QString::number(messages_.size()))); }

    void unalignedAndEmptyTensorsLoad() {
        const auto file = SafetensorsFile::open(
            test::sharedFile("golden/bad/safetensors/ok_scalar_empty_unaligned.safetensors").toStdString());
        QVERIFY(file.has_value());
        const auto value = [&](const char* name) {
            const auto* entry = (*file)->find(name);
            std::array<float, 1> values{};
            [[maybe_unused]] const auto status = convertToFloat(entry->dtype, (*file)->bytes(*entry), 0, values);
            return values[0];
        };
        QCOMPARE(value("w"), 1.5F);
        QCOMPARE(value("s"), -2.0F);
        QCOMPARE((*file)->find("e")->shape, (std::vector<std::int64_t>{0, 5}));
        QVERIFY((*file)->find("nothing") == nullptr);
    }

private:
    /// What to open: the file, its folder, or a folder in which only this file is wrong.
    static QString target(const QString& name, const QString& path, const QTemporaryDir& folder) {
        const auto kind = name.section('/', 0, 0);
        if (kind == "config") return path.section('/', 0, -2);
        if (kind != "index") return path;
        for (const auto& entry : QDir(path.section('/', 0, -2)).entryInfoList(QDir::Files))
            QFile::copy(entry.filePath(), folder.filePath(entry.fileName()));
        QFile::copy(test::sharedFile("golden/llama2-tiny/config.json"), folder.filePath("config.json"));
        return folder.path();
    }
    QSet<QString> messages_;
};
QTEST_APPLESS_MAIN(BadInputsTest)
#include "bad_inputs_test.moc"
