// If this fails, exported checkpoints are wrong, or a failed export leaves half a file that looks whole.
#include "core/formats/safetensors_writer.h"

#include <sys/resource.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <cstring>

#include "core/formats/model_files.h"
#include "core/formats/safetensors_file.h"

using namespace quantoscope;

namespace {

TensorToWrite tensor(std::string name, DType dtype, std::vector<std::int64_t> shape, std::size_t bytes) {
    return {std::move(name), dtype, std::move(shape), [bytes]() -> Result<std::vector<std::byte>> {
                std::vector<std::byte> data(bytes);
                for (std::size_t i = 0; i < bytes; ++i) data[i] = static_cast<std::byte>(i);
                return data;
            }};
}

std::vector<TensorToWrite> some() {
    return {tensor("b", DType::u8, {3}, 3), tensor("z", DType::f32, {2, 2}, 16), tensor("a", DType::f32, {1}, 4),
            tensor("h", DType::bf16, {5}, 10)};
}

}  // namespace

class SafetensorsWriterTest : public QObject {
    Q_OBJECT
private slots:
    void whatIsWrittenReadsBack() {
        QTemporaryDir folder;
        const auto path = folder.filePath("model.safetensors");
        const auto status = writeSafetensors(path.toStdString(), some(), {{"made_by", "test"}}, JobContext());
        QVERIFY2(status.has_value(), status ? "" : status.error().message.c_str());
        const auto file = SafetensorsFile::open(path.toStdString());
        QVERIFY2(file.has_value(), file ? "" : file.error().message.c_str());
        std::string order;
        for (const auto& entry : (*file)->entries()) order += entry.name;
        QCOMPARE(order, std::string("azhb"));  // widest elements first, then names
        QCOMPARE((*file)->metadata().at("format"), std::string("pt"));
        QCOMPARE((*file)->metadata().at("made_by"), std::string("test"));
        QCOMPARE((*file)->dataOffset() % 8, std::uint64_t{0});
        QCOMPARE(static_cast<int>((*file)->bytes(*(*file)->find("h"))[9]), 9);
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
    }

    void shardsComeWithAnIndex() {
        QTemporaryDir folder;
        QVERIFY(writeCheckpointTensors(folder.path().toStdString(), some(), 20, JobContext()).has_value());
        QVERIFY(QFile::exists(folder.filePath("model-00001-of-00002.safetensors")));
        const auto model = ModelFiles::open(folder.path().toStdString());
        QVERIFY2(model.has_value(), model ? "" : model.error().message.c_str());
        QCOMPARE((*model)->tensors().size(), std::size_t{4});
        QVERIFY((*model)->warnings().empty());
        QTemporaryDir one;
        QVERIFY(writeCheckpointTensors(one.path().toStdString(), some(), 1 << 20, JobContext()).has_value());
        QVERIFY(QFile::exists(one.filePath("model.safetensors")));
    }

    void wrongTensorsAreRefusedAndLeaveNothing() {
        QTemporaryDir folder;
        const auto path = folder.filePath("model.safetensors").toStdString();
        QVERIFY(!writeSafetensors(path, {tensor("w", DType::f32, {4}, 15)}, {}, JobContext()).has_value());
        QVERIFY(!writeSafetensors(path, {tensor("w", DType::f32, {1}, 4), tensor("w", DType::f32, {1}, 4)}, {},
                                  JobContext())
                     .has_value());
        QVERIFY(!writeSafetensors(path, {tensor("w", DType::q4_0, {32}, 18)}, {}, JobContext()).has_value());
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(writeSafetensors(path, some(), {}, JobContext(stop.get_token())).error().kind, ErrorKind::cancelled);
        QVERIFY(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).isEmpty());
    }

    void aFullDiskIsOneSentenceAndNoFile() {
        QTemporaryDir folder;
        rlimit before{};
        getrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit small{64 << 10, before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
        const auto status = writeSafetensors(folder.filePath("model.safetensors").toStdString(),
                                             {tensor("w", DType::u8, {1 << 20}, 1 << 20)}, {}, JobContext());
        setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(!status.has_value());
        QVERIFY(status.error().message.size() > 15);
        QVERIFY(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).isEmpty());
    }
};
QTEST_APPLESS_MAIN(SafetensorsWriterTest)
#include "safetensors_writer_test.moc"
