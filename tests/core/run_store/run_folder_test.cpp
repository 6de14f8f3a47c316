// If this fails, a run is lost or mixed up: by a kill, a full disk, a second worker, or by moving its folder.
#include "core/run_store/run_folder.h"

#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "core/base/atomic_file.h"
#include "core/methods/method.h"
#include "core/run_store/bit_packing.h"
#include "core/run_store/codes_file.h"
#include "core/run_store/run_lock.h"
#include "core/run_store/writer_watch.h"
#include "tests/core/run_store/sample_run.h"

using namespace quantoscope;
namespace fs = std::filesystem;

namespace {

const std::string kId = "gptq-w4-g64";

fs::path runIn(const QTemporaryDir& folder) {
    return fs::path(folder.path().toStdString()) / "lauf 走る";
}

std::shared_ptr<RunFolder> openNew(const fs::path& path) {
    auto run = RunFolder::openForWriting(path);
    if (!run) qFatal("%s", run.error().message.c_str());
    if (!(*run)->writeRecipe(R"({"model": "/models/smollm2"})") ||
        !(*run)->writeManifest(R"({"recorded": {"created": "2026-01-02T03:04:05Z"}})"))
        qFatal("cannot write");
    return *run;
}

ConfigurationInfo sampleConfiguration() {
    ConfigurationInfo info;
    info.id = kId;
    info.method = "gptq";
    info.options = {
        {"bits", std::int64_t{4}}, {"damping", 0.01}, {"desc_act", true}, {"scale_dtype", std::string("float32")}};
    info.state = "running";
    info.block_count = 30;
    info.bits_per_weight = 4.25;
    return info;
}

bool sameTensor(const QuantizedTensor& a, const QuantizedTensor& b) {
    return a.rows == b.rows && a.columns == b.columns && a.bits == b.bits && a.group_size == b.group_size &&
           a.codes == b.codes && a.scales.values == b.scales.values && a.scales.columns == b.scales.columns &&
           a.zero_points.values == b.zero_points.values && a.group_index == b.group_index &&
           a.input_scale == b.input_scale && a.output_scale == b.output_scale && a.symmetric == b.symmetric &&
           a.scale_bits == b.scale_bits;
}

int filesNamedLikeTemporary(const fs::path& folder) {
    int count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) count += isTemporaryName(entry.path()) ? 1 : 0;
    return count;
}

}  // namespace

class RunFolderTest : public QObject {
    Q_OBJECT
private slots:
    void codesOfEveryWidthPackAndUnpack() {
        for (int bits = 1; bits <= 8; ++bits)
            for (const std::int64_t columns : {1, 2, 7, 8, 9, 19}) {
                const auto codes = test::sampleTensor(3, columns, bits, columns).codes;
                const auto packed = packCodes(codes, 3, columns, bits);
                QCOMPARE(static_cast<std::int64_t>(packed.size()), 3 * packedRowBytes(columns, bits));
                QVERIFY(unpackCodes(packed, 3, columns, bits) == codes);
            }
        // 3-bit codes 1, 2, 3: 001, 010, 011 from the low end: 0b11'010'001 = 0xD1, then 0.
        const auto packed = packCodes(std::vector<std::uint8_t>{1, 2, 3}, 1, 3, 3);
        QCOMPARE(std::to_integer<int>(packed[0]), 0xD1);
        QCOMPARE(std::to_integer<int>(packed[1]), 0);
    }
    void aBlockReadsBackAndTheFolderMayMove() {
        const QTemporaryDir folder;
        const fs::path path = runIn(folder);
        {
            const auto run = openNew(path);
            QVERIFY(run->writeConfiguration(sampleConfiguration()).has_value());
            const auto status = run->writeBlock(kId, test::sampleRecord(), test::sampleBlock(), "hash");
            QVERIFY2(status.has_value(), status ? "" : (status.error().message + status.error().cause).c_str());
            QVERIFY(run->appendEvent(R"({"kind":"note"})").has_value());
            QVERIFY(!run->appendEvent("two\nlines").has_value());
        }
        const fs::path moved = fs::path(folder.path().toStdString()) / "elsewhere" / "run";
        fs::create_directories(moved.parent_path());
        fs::rename(path, moved);
        const auto run = RunFolder::openForReading(moved).value();
        QCOMPARE(run->finishedBlocks(kId), std::vector<std::int64_t>{4});
        QCOMPARE(run->blockProvenance(kId, 4).value(), std::string("hash"));
        QVERIFY(run->layerRecord(kId, 4).has_value());
        const auto block = run->codes(kId, 4);
        QVERIFY2(block.has_value(), block ? "" : block.error().message.c_str());
        const QuantizedBlock expected = test::sampleBlock();
        QVERIFY(sameTensor(*block->linears[0], *expected.linears[0]));
        QVERIFY(sameTensor(*block->linears[6], *expected.linears[6]));
        QVERIFY(!block->linears[1].has_value());
        QVERIFY(block->vectors == expected.vectors && block->solver_error == expected.solver_error &&
                block->notes == expected.notes);
        const auto info = readRunInfo(moved);
        QVERIFY(info.has_value());
        QCOMPARE(info->model_path, std::string("/models/smollm2"));
        QCOMPARE(info->created, std::string("2026-01-02T03:04:05Z"));
        QCOMPARE(info->configurations.at(0).finished_blocks, 1);
        QVERIFY(info->configurations.at(0).options == sampleConfiguration().options);
        QVERIFY(info->disk_bytes > 1000);
    }
    void anOptionThatCameLaterHasItsDefaultInOlderRuns() {
        const QTemporaryDir folder;
        const auto run = openNew(runIn(folder));
        ConfigurationInfo info;
        info.id = kId;
        info.method = "awq";
        info.options = {{"bits", std::int64_t{3}}, {"group_size", std::int64_t{64}}};
        QVERIFY(run->writeConfiguration(info).has_value());
        const auto complete = completeOptions((*findMethod("awq"))->options, info.options);
        QVERIFY(run->configuration(kId)->options == *complete);
    }
    void notesAndScoresAreKept() {
        const QTemporaryDir folder;
        const auto run = openNew(runIn(folder));
        QVERIFY(writeRunNotes(run->path(), {"für das Paper", "3 bits break down_proj"}).has_value());
        QCOMPARE(readRunInfo(run->path())->notes.name, std::string("für das Paper"));
        Score score{"wikitext2", "perplexity", 16.0, {{"window", "2048"}}, {2.0}};
        QVERIFY(run->writeScore(kId, score).has_value());
        score.value = 15.0;
        QVERIFY(run->writeScore(kId, score).has_value());
        score.protocol["window"] = "1024";
        QVERIFY(run->writeScore(kId, score).has_value());
        const auto scores = run->scores(kId).value();
        QCOMPARE(scores.size(), std::size_t{2});
        QCOMPARE(scores[0].value, 15.0);
        QVERIFY(run->scores("other").value().empty());
    }
    void aBlockCountsOnlyWithBothFiles() {
        const QTemporaryDir folder;
        const auto run = openNew(runIn(folder));
        QVERIFY(run->writeBlock(kId, test::sampleRecord(), test::sampleBlock(), "hash").has_value());
        const fs::path codes = run->path() / "configurations" / kId / "codes" / "004.safetensors";
        fs::rename(codes, codes.string() + ".away");
        QVERIFY(run->finishedBlocks(kId).empty());
        fs::rename(codes.string() + ".away", codes);
        QVERIFY(run->dropCodes(kId).has_value());
        QCOMPARE(run->finishedBlocks(kId), std::vector<std::int64_t>{4});
        const auto gone = run->codes(kId, 4);
        QVERIFY(!gone.has_value() && gone.error().message.find("not kept") != std::string::npos);
        ConfigurationInfo outside;
        outside.id = "../out";
        QVERIFY(!run->writeConfiguration(outside).has_value());
    }
    void damagedCodesAreOneSentence() {
        const QTemporaryDir folder;
        const fs::path path = fs::path(folder.path().toStdString()) / "000.safetensors";
        QVERIFY(writeCodesFile(path, 0, test::sampleBlock(), "p").has_value());
        QVERIFY(!readCodesFile(path, 1).has_value());
        const std::string whole = readTextFile(path, 1 << 20).value();
        for (std::size_t length = 0; length < whole.size(); length += 53) {
            std::ofstream(path, std::ios::binary) << whole.substr(0, length);
            QVERIFY(!readCodesFile(path, 0).has_value());
        }
        std::string newer = whole;
        const std::string field = R"(format_version\":1)";
        QVERIFY(newer.find(field) != std::string::npos);
        newer[newer.find(field) + field.size() - 1] = '7';
        std::ofstream(path, std::ios::binary) << newer;
        QVERIFY(readCodesFile(path, 0).error().message.find("newer Quantoscope") != std::string::npos);
    }
    void aSecondWriterIsRefusedAndAKilledOneReplaced() {
        const QTemporaryDir folder;
        const fs::path path = runIn(folder);
        {
            const auto run = openNew(path);
            QVERIFY(hasLiveWriter(path));
            const auto second = RunFolder::openForWriting(path);
            QVERIFY(!second.has_value());
            QVERIFY(second.error().message.find("Another Quantoscope worker") != std::string::npos);
            QVERIFY(RunFolder::openForReading(path).has_value());
        }
        QVERIFY(!hasLiveWriter(path));
        const pid_t child = ::fork();
        if (child == 0) {
            auto held = RunLock::take(path);
            std::ofstream(path / ".004.h5.1.0.part") << "half";
            std::ofstream(path / "events.jsonl", std::ios::app) << "{\"whole\":1}\n{\"hal";
            ::raise(SIGKILL);
        }
        int outcome = 0;
        ::waitpid(child, &outcome, 0);
        QVERIFY(WIFSIGNALED(outcome));
        const auto run = RunFolder::openForWriting(path);
        QVERIFY2(run.has_value(), run ? "" : run.error().message.c_str());
        QCOMPARE(filesNamedLikeTemporary(path), 0);
        QCOMPARE(readTextFile(path / "events.jsonl", 1000).value(), std::string("{\"whole\":1}\n"));
    }
    void ofManyRacingProcessesOneWins() {
        const QTemporaryDir folder;
        const fs::path path(folder.path().toStdString());
        int ready[2];
        QVERIFY(::pipe(ready) == 0);
        std::vector<pid_t> children;
        for (int i = 0; i < 8; ++i) {
            const pid_t child = ::fork();
            if (child == 0) {
                ::close(ready[1]);
                char byte = 0;
                [[maybe_unused]] const auto ignored =
                    ::read(ready[0], &byte, 1);  // ends when the parent closes its end
                auto lock = RunLock::take(path);
                if (lock) ::usleep(1'000'000);
                ::_exit(lock ? 1 : 0);
            }
            children.push_back(child);
        }
        ::close(ready[0]);
        ::close(ready[1]);
        int winners = 0;
        for (const pid_t child : children) {
            int outcome = 0;
            ::waitpid(child, &outcome, 0);
            winners += WEXITSTATUS(outcome);
        }
        QCOMPARE(winners, 1);
    }
    void aWriterOnAnotherMachineIsBelievedForTwentySeconds() {
        const QTemporaryDir folder;
        const fs::path path(folder.path().toStdString());
        std::ofstream(path / "lock") << R"({"token":"x","host":"another","pid":1})";
        const auto fresh = RunLock::take(path);
        QVERIFY(!fresh.has_value());
        fs::last_write_time(path / "lock", fs::file_time_type::clock::now() - std::chrono::seconds(30));
        QVERIFY(RunLock::take(path).has_value());
    }
    void foreignFoldersAreLeftAlone() {
        const QTemporaryDir folder;
        const fs::path path(folder.path().toStdString());
        std::ofstream(path / "thesis.tex") << "x";
        QVERIFY(!RunFolder::openForWriting(path).has_value());
        QVERIFY(!RunFolder::openForReading(path).has_value());
        QVERIFY(!fs::exists(path / "lock"));
        QVERIFY(!RunFolder::openForWriting(path / "thesis.tex").has_value());
        QVERIFY(!writeRunNotes(path, {}).has_value());
    }
    void anUnwritableFolderIsOneSentence() {
        if (::geteuid() == 0) QSKIP("root may write anywhere");
        const QTemporaryDir folder;
        const fs::path path(folder.path().toStdString());
        fs::permissions(path, fs::perms::owner_read | fs::perms::owner_exec);
        const auto run = RunFolder::openForWriting(path / "run");
        QVERIFY(!run.has_value());
        QVERIFY(run.error().message.find("cannot be made") != std::string::npos);
    }
    void aFullDiskLosesNothing() {
        const QTemporaryDir folder;
        const fs::path disk = fs::path(folder.path().toStdString()) / "disk";
        fs::create_directories(disk);
        if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=256k") != 0) QSKIP("needs the right to mount a tmpfs");
        bool fine = false;
        std::string message;
        {
            const auto run = openNew(disk / "run");
            fine = run->writeBlock(kId, test::sampleRecord(), test::sampleBlock(), "hash").has_value();
            QuantizedBlock large = test::sampleBlock();
            large.linears[0] = test::sampleTensor(1024, 1024, 8, 128);
            LayerRecord next = test::sampleRecord();
            next.block = 5;
            const auto full = run->writeBlock(kId, next, large, "hash");
            message = full ? "no error" : full.error().message;
            fine = fine && run->finishedBlocks(kId) == std::vector<std::int64_t>{4} && run->codes(kId, 4).has_value() &&
                   filesNamedLikeTemporary(disk) == 0;
        }
        ::umount(disk.c_str());
        QVERIFY(fine);
        QVERIFY2(message.find("is full") != std::string::npos && message.find("MB are needed") != std::string::npos,
                 message.c_str());
    }
};
QTEST_APPLESS_MAIN(RunFolderTest)
#include "run_folder_test.moc"
