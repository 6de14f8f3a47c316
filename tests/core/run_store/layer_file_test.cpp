// If this fails, a finished block reads back as something else, or a damaged file brings the window down.
#include "core/run_store/layer_file.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fstream>
#include <random>

#include "core/base/atomic_file.h"
#include "core/run_store/hdf5_file.h"
#include "core/run_store/score_file.h"
#include "tests/core/run_store/sample_run.h"

using namespace quantoscope;
namespace fs = std::filesystem;

/// HDF5 1.10 itself leaks a few hundred bytes for a file it refuses; ours would show in run_folder_test too.
extern "C" const char* __lsan_default_suppressions();  // NOLINT
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libhdf5";
}  // NOLINT

namespace {
const std::string kProvenance = "sha256:0123";

fs::path written(const QTemporaryDir& folder) {
    const fs::path path = fs::path(folder.path().toStdString()) / "großes 模型 004.h5";
    const auto status = writeLayerFile(path, test::sampleRecord(), kProvenance);
    if (!status) qFatal("%s %s", status.error().message.c_str(), status.error().cause.c_str());
    return path;
}
std::string bytesOf(const fs::path& path) {
    return readTextFile(path, 1 << 24).value();
}
void put(const fs::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}
}  // namespace

class LayerFileTest : public QObject {
    Q_OBJECT
private slots:
    void metricsAreReadAlone() {
        const QTemporaryDir folder;
        const auto path = written(folder);
        const auto numbers = readLayerMetrics(path, 4);
        QVERIFY2(numbers.has_value(), numbers ? "" : numbers.error().message.c_str());
        const LinearRecord expected = test::sampleRecord().linears[0];
        QCOMPARE(numbers->linears.size(), std::size_t{1});
        QVERIFY(numbers->linears[0].metrics == expected.metrics && numbers->linears[0].role == expected.role);
        QVERIFY(numbers->linears[0].error_tiles.levels.empty() && numbers->linears[0].salience.empty());
        QVERIFY(!readLayerMetrics(path, 5).has_value());
    }
    void aRecordReadsBackAsItWas() {
        const QTemporaryDir folder;
        const auto record = readLayerFile(written(folder), 4);
        QVERIFY2(record.has_value(), record ? "" : record.error().message.c_str());
        const LayerRecord expected = test::sampleRecord();
        QCOMPARE(record->notes, expected.notes);
        QCOMPARE(record->linears.size(), std::size_t{1});
        const LinearRecord& a = record->linears[0];
        const LinearRecord& b = expected.linears[0];
        QVERIFY(a.role == b.role && a.rows == b.rows && a.columns == b.columns);
        QVERIFY(a.metrics == b.metrics);
        QVERIFY(a.histogram.original_counts == b.histogram.original_counts);
        QVERIFY(a.histogram.grid_levels == b.histogram.grid_levels);
        QCOMPARE(a.histogram.grid_row, b.histogram.grid_row);
        QVERIFY(a.weight_tiles.levels[0].mean_absolute == b.weight_tiles.levels[0].mean_absolute);
        QVERIFY(a.error_tiles.levels[0].signed_mean == b.error_tiles.levels[0].signed_mean);
        QVERIFY(a.error_tiles.levels[0].max_absolute == b.error_tiles.levels[0].max_absolute);
        QVERIFY(a.salience.at("magnitude").channel_share == b.salience.at("magnitude").channel_share);
        QVERIFY(a.channel_error == b.channel_error);
        QCOMPARE(a.groups.group_size, b.groups.group_size);
        QVERIFY(a.groups.group_index == b.groups.group_index && a.groups.clipped_share == b.groups.clipped_share);
        QVERIFY(a.groups.mean_squared_error == b.groups.mean_squared_error);
        QCOMPARE(readLayerProvenance(written(folder), 4).value(), kProvenance);
    }
    void aFileFromBeforeGroupsOpens() {
        const QTemporaryDir folder;
        const fs::path path = written(folder);
        auto tree = readHdf5(path).value();
        tree.groups["down"].groups.erase("groups");
        QVERIFY(writeFileAtomically(path, hdf5Bytes(tree).value()).has_value());
        const auto record = readLayerFile(path, 4);
        QVERIFY2(record.has_value(), record ? "" : record.error().message.c_str());
        QCOMPARE(record->linears[0].groups.group_size, std::int64_t{0});
        QVERIFY(record->linears[0].groups.mean_squared_error.empty());
        QCOMPARE(record->linears[0].channel_error.size(), std::size_t{40});
    }
    void theSameRecordGivesTheSameBytes() {
        const QTemporaryDir folder;
        const std::string first = bytesOf(written(folder));
        QTest::qWait(1100);  // a stored time would show
        QVERIFY(bytesOf(written(folder)) == first);
        QVERIFY(first.find(folder.path().toStdString()) == std::string::npos);
    }
    void aCutFileIsOneSentence() {
        const QTemporaryDir folder;
        const fs::path path = written(folder);
        const std::string whole = bytesOf(path);
        for (std::size_t length = 0; length < whole.size(); length += 97) {
            put(path, whole.substr(0, length));
            const auto record = readLayerFile(path, 4);
            QVERIFY(!record.has_value());
            QVERIFY2(record.error().message.find("is damaged") != std::string::npos, record.error().message.c_str());
        }
    }
    void flippedBytesNeverCrash() {
        const QTemporaryDir folder;
        const fs::path path = written(folder);
        const std::string whole = bytesOf(path);
        std::mt19937 random(3);
        int refused = 0;
        for (int trial = 0; trial < 150; ++trial) {
            std::string bytes = whole;
            bytes[random() % bytes.size()] ^= static_cast<char>(1U << (random() % 8));
            put(path, bytes);
            refused += readLayerFile(path, 4).has_value() ? 0 : 1;
        }
        QVERIFY2(refused > 75, qPrintable(QString::number(refused)));
    }
    void aNewerVersionAndAnotherBlockAreNamed() {
        const QTemporaryDir folder;
        const fs::path path = written(folder);
        const auto other = readLayerFile(path, 5);
        QVERIFY(!other.has_value() && other.error().message.find("block 4") != std::string::npos);
        auto tree = readHdf5(path).value();
        tree.attributes["format_version"] = kLayerFormatVersion + 1;
        QVERIFY(writeFileAtomically(path, hdf5Bytes(tree).value()).has_value());
        const auto newer = readLayerFile(path, 4);
        QVERIFY(!newer.has_value());
        QVERIFY(newer.error().message.find("newer Quantoscope") != std::string::npos);
        QVERIFY(!readLayerFile(path.parent_path() / "none.h5", 1).has_value());
    }
    void shapesThatDoNotBelongTogetherAreRefused() {
        const QTemporaryDir folder;
        const fs::path path = written(folder);
        const auto refused = [&](auto change) {
            auto tree = readHdf5(path).value();
            change(tree.groups["down"]);
            const fs::path changed = path.parent_path() / "changed.h5";
            return writeFileAtomically(changed, hdf5Bytes(tree).value()).has_value() &&
                   !readLayerFile(changed, 4).has_value();
        };
        QVERIFY(refused([](Hdf5Group& linear) { linear.attributes["rows"] = std::int64_t{-1}; }));
        QVERIFY(refused([](Hdf5Group& linear) { linear.attributes["rows"] = std::int64_t{1} << 40; }));
        QVERIFY(refused([](Hdf5Group& linear) { linear.attributes["rows"] = std::int64_t{2000}; }));
        QVERIFY(refused([](Hdf5Group& linear) { linear.groups.erase("histogram"); }));
        QVERIFY(refused(
            [](Hdf5Group& linear) { linear.groups["weight_tiles"].attributes["levels"] = std::int64_t{1} << 50; }));
        QVERIFY(refused([](Hdf5Group& linear) {
            linear.datasets["channel_error"] = {Hdf5Type::float32, {2}, std::vector<float>{1, 2}, {}};
        }));
        const auto groups_refused = [&](const std::string& name, const Hdf5Dataset& values) {
            return refused([&](Hdf5Group& linear) { linear.groups["groups"].datasets[name] = values; });
        };
        QVERIFY(groups_refused("group_index", {Hdf5Type::int64, {40}, std::vector<std::int64_t>(40, 3), {}}));
        QVERIFY(groups_refused("group_index", {Hdf5Type::int64, {40}, std::vector<std::int64_t>(40, -1), {}}));
        QVERIFY(groups_refused("group_index", {Hdf5Type::int64, {4}, std::vector<std::int64_t>(4, 0), {}}));
        QVERIFY(groups_refused("mean_squared_error", {Hdf5Type::float32, {2}, std::vector<float>{1, 2}, {}}));
        QVERIFY(refused([](Hdf5Group& linear) { linear.groups["groups"].attributes["group_size"] = std::int64_t{0}; }));
        QVERIFY(refused(
            [](Hdf5Group& linear) { linear.groups["groups"].attributes["group_size"] = std::int64_t{1} << 50; }));
        QVERIFY(!refused([](Hdf5Group&) {}));
    }
    void scoresReadBack() {
        const QTemporaryDir folder;
        const fs::path path = fs::path(folder.path().toStdString()) / "scores.h5";
        const Score score{
            "wikitext2", "perplexity", 16.125, {{"window", "2048"}, {"precision", "float32"}}, {2.5, 2.75}};
        QVERIFY(writeScoreFile(path, {score, {"mmlu", "accuracy", 0.5, {}, {}}}).has_value());
        const auto scores = readScoreFile(path);
        QVERIFY2(scores.has_value(), scores ? "" : scores.error().message.c_str());
        QCOMPARE(scores->size(), std::size_t{2});
        QVERIFY(scores->at(0).protocol == score.protocol && scores->at(0).window_nll == score.window_nll);
        QVERIFY(!readLayerFile(path, 0).has_value());
    }
    void answersReadBack() {
        const QTemporaryDir folder;
        const fs::path path = fs::path(folder.path().toStdString()) / "scores.h5";
        Score score{"piqa", "acc", 0.5, {{"items", "2"}}, {}, 0.35};
        score.items = {{{-1.5, -2.25}, {7, 9}, 0}, {{-3.0, -1.0, -2.0}, {1, 2, 3}, 2}};
        QVERIFY(writeScoreFile(path, {score}).has_value());
        const auto scores = readScoreFile(path);
        QVERIFY2(scores.has_value(), scores ? "" : scores.error().message.c_str());
        const auto& items = scores->front().items;
        QCOMPARE(items.size(), std::size_t{2});
        QCOMPARE(items[1].log_likelihoods, score.items[1].log_likelihoods);
        QCOMPARE(items[0].lengths, score.items[0].lengths);
        QCOMPARE(items[1].gold, 2);
        QCOMPARE(scores->front().standard_error, 0.35);
    }
    void answersThatDoNotBelongTogetherAreRefused() {
        const QTemporaryDir folder;
        const fs::path path = fs::path(folder.path().toStdString()) / "scores.h5";
        Score score{"piqa", "acc", 0.5, {}, {}};
        score.items = {{{-1.5, -2.25}, {}, 0}};
        QVERIFY(writeScoreFile(path, {score}).has_value());
        const auto whole = readHdf5(path).value();
        const auto refused = [&](const char* name, std::vector<std::int64_t> values) {
            auto tree = whole;
            auto& items = tree.groups.begin()->second.groups["items"];
            items.datasets[name] = {Hdf5Type::int64, {values.size()}, values, {}};
            return writeFileAtomically(path, hdf5Bytes(tree).value()).has_value() && !readScoreFile(path).has_value();
        };
        QVERIFY(refused("gold", {2}));
        QVERIFY(refused("gold", {-1}));
        QVERIFY(refused("gold", {0, 0}));
        QVERIFY(refused("choices", {3}));
        QVERIFY(refused("choices", {-1}));
        QVERIFY(refused("choices", {std::int64_t{1} << 62}));
        QVERIFY(refused("length", {1}));
    }
};
QTEST_APPLESS_MAIN(LayerFileTest)
#include "layer_file_test.moc"
