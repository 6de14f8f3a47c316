// If this fails, one cannot get from a linear to the weights that broke it: a click or key in a strip does not move the
// selection, the map, the groups and the single weights to the same place.
#include <QComboBox>
#include <QScrollArea>

#include "app/workbench/analyse_page/error_matrix.h"
#include "core/methods/method.h"
#include "tests/app/workbench/workbench_fixture.h"
#include "tests/app/worker/worker_process.h"
#include "tests/support/sample_recipe.h"
#include "tests/support/tiny_model.h"
#include "widgets/error_anatomy/anatomy_view.h"
#include "widgets/group_weights/group_weights_view.h"
#include "widgets/strip/strip_view.h"
#include "widgets/tile_map/tile_map_view.h"

using namespace quantoscope;
using test::WorkbenchFixture;

class DrillDownTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(test::writeTinyModel(path("model").toStdString(), {.block_count = 2}).has_value());
        QVERIFY(test::writePseudoText(path("text.txt").toStdString(), 20000, 5).has_value());
        auto recipe = test::sampleRecipe(path("model").toStdString(), path("text.txt").toStdString());
        recipe.methods = {{methods().front().id, {}}};
        recipe.bits = {4, 3};
        recipe.group_sizes = {32};
        QFile file(path("recipe.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(recipeJson(recipe)));
        file.close();
        const auto run = test::runWorker({"run", path("recipe.json"), "--run", path("run")});
        QVERIFY2(run.exit_status == 0, qPrintable(run.message()));
    }

    void theErrorOfEveryRunIsTakenApart() {
        WorkbenchFixture fixture;
        open(fixture);
        auto* view = fixture.child<AnatomyView>("error_anatomy");
        QTRY_COMPARE(view->rows().size(), std::size_t{2});
        for (int row = 0; row < 2; ++row) {
            auto metrics = view->rows()[static_cast<std::size_t>(row)].metrics;
            const double sum = metrics.at("clipping_error") + metrics.at("outlier_channel_error") +
                               metrics.at("rounding_error") + metrics.at("channel_interaction");
            QVERIFY(std::abs(sum / metrics.at("relative_output_error") - 1.0) < 1e-9);
            QVERIFY(metrics.at("inherited_error") > 0.0);
            QVERIFY(!view->segmentRect(row, AnatomyPart::rounding).isEmpty());
            QVERIFY(!view->segmentRect(row, AnatomyPart::inherited).isEmpty());
        }
        auto* scale = fixture.child<QComboBox>("anatomy_scale");
        const double before = view->segmentRect(1, AnatomyPart::rounding).width();
        scale->setFocus();
        QTest::keyClick(scale, Qt::Key_Down);
        QVERIFY(view->segmentRect(1, AnatomyPart::rounding).width() != before ||
                view->segmentRect(0, AnatomyPart::rounding).width() != before);
        fixture.session().selection().selectLinear(0, LinearRole::q_proj);
        QTRY_VERIFY(view->segmentRect(0, AnatomyPart::inherited).isEmpty());  // no block before the first
    }

    void aGroupIsChosenByClickAndItsWeightsAreThoseOfTheFiles() {
        WorkbenchFixture fixture;
        open(fixture);
        auto& selection = fixture.session().selection();
        auto* groups = fixture.child<StripView>("group_strip");
        auto* weights = fixture.child<GroupWeightsView>("group_weights");
        auto* map = fixture.child<TileMapView>("error_map");
        QTRY_COMPARE(groups->data().values.size(), std::size_t{5});  // 160 columns of down_proj
        QVERIFY(weights->weights() == nullptr);
        QTest::mouseClick(groups, Qt::LeftButton, {}, groups->itemRect(2).center().toPoint());
        QCOMPARE(selection.current().group, std::optional<qint64>(2));
        QCOMPARE(selection.current().channels, (ChannelRange{64, 95}));
        QCOMPARE(fixture.child<StripView>("channel_strip")->selected(), (StripRange{64, 95}));
        QCOMPARE(map->mark(), QRectF(64, 0, 32, 64));
        QTRY_VERIFY(weights->weights() != nullptr);
        const auto values = readErrors(key(), 1, LinearRole::down_proj, {});
        QVERIFY(values.has_value());
        const auto expected = groupWeights(values->weights, values->quantized, worstRow(*values, 2).value(), 2);
        QVERIFY(expected.has_value());
        QCOMPARE(weights->weights()->row, expected->row);
        std::stop_source stopped;  // nobody waits for the answer any more
        stopped.request_stop();
        QVERIFY(!worstRow(*values, 2, stopped.get_token()).has_value());
        QVERIFY(weights->weights()->original == expected->original && weights->weights()->levels == expected->levels);
        QVERIFY(weights->weights()->quantized == expected->quantized);
        QCOMPARE(weights->weights()->channels.front(), 64);
        // Another linear has groups of its own.
        selection.selectLinear(0, LinearRole::down_proj);
        QVERIFY(!selection.current().group && !selection.current().channels);
        QTRY_VERIFY(weights->weights() == nullptr && !map->mark());
    }

    void keysGoDownToAWeightAndEscComesBack() {
        WorkbenchFixture fixture;
        open(fixture);
        auto& selection = fixture.session().selection();
        auto* channels = fixture.child<StripView>("channel_strip");
        auto* weights = fixture.child<GroupWeightsView>("group_weights");
        auto* map = fixture.child<TileMapView>("error_map");
        QTRY_COMPARE(channels->data().values.size(), std::size_t{160});
        channels->setFocus();
        QTest::keyClick(channels, Qt::Key_Up);  // the worst channel
        const auto worst = std::ranges::max_element(channels->data().values) - channels->data().values.begin();
        QCOMPARE(selection.current().channels, (ChannelRange{worst, worst}));
        QCOMPARE(selection.current().group, std::optional<qint64>(worst / 32));
        QTRY_VERIFY(weights->weights() != nullptr);
        QTest::keyClick(channels, Qt::Key_Return);
        QVERIFY(map->viewport().contains(QPointF(static_cast<double>(worst) + 0.5, map->viewport().center().y())));
        QCOMPARE(map->viewport().width(), 4.0);  // as deep as the map goes

        weights->setFocus();
        QTest::keyClick(weights, weights->weights()->channels.back() == worst ? Qt::Key_Left : Qt::Key_Right);
        QVERIFY(std::abs(selection.current().channels->first - worst) == 1);
        const qint64 row = selection.current().row.value_or(-1);
        QVERIFY(row >= 0);
        QTest::keyClick(weights, row > 0 ? Qt::Key_Up : Qt::Key_Down);
        const qint64 next = row > 0 ? row - 1 : row + 1;
        QCOMPARE(selection.current().row, std::optional(next));
        QTRY_COMPARE(weights->weights()->row, next);
        QCOMPARE(map->mark()->top(), static_cast<double>(next));

        fixture.window().activateWindow();
        QTest::keyClick(&fixture.window(), Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(selection.current().row, std::optional(row));
        QTest::keyClick(&fixture.window(), Qt::Key_Right, Qt::AltModifier);
        QCOMPARE(selection.current().row, std::optional(next));

        channels->setFocus();
        QTest::keyClick(channels, Qt::Key_Escape);
        QVERIFY(!selection.current().channels && !selection.current().group && selection.current().hasLinear());
        QTest::keyClick(channels, Qt::Key_Escape);  // the window's own
        QVERIFY(selection.current().isEmpty());
    }

    void aClickOnTheMapNamesTheWeight() {
        WorkbenchFixture fixture;
        open(fixture);
        auto* map = fixture.child<TileMapView>("error_map");
        auto* channels = fixture.child<StripView>("channel_strip");
        QTRY_COMPARE(channels->data().values.size(), std::size_t{160});
        QTest::mouseClick(map, Qt::LeftButton, {}, QPoint(map->width() / 2, 20));
        const auto& selection = fixture.session().selection().current();
        QVERIFY(selection.row && selection.channels && selection.group);
        QCOMPARE(*selection.group, selection.channels->first / 32);
        auto* weights = fixture.child<GroupWeightsView>("group_weights");
        QTRY_VERIFY(weights->weights() != nullptr);
        QCOMPARE(weights->weights()->row, *selection.row);
    }

    void thePinnedRunIsComparedChannelByChannel() {
        WorkbenchFixture fixture;
        open(fixture);
        auto* channels = fixture.child<StripView>("channel_strip");
        auto* groups = fixture.child<StripView>("group_strip");
        QTRY_COMPARE(channels->data().values.size(), std::size_t{160});
        QVERIFY(channels->data().pinned.empty());
        fixture.session().setBaseline(fixture.session().selection().current().runs.last());
        QTRY_COMPARE(channels->data().pinned.size(), std::size_t{160});
        QCOMPARE(groups->data().pinned.size(), std::size_t{5});
        QVERIFY(channels->data().pinned != channels->data().values);
    }

    void aRunFromBeforeTheseMeasurementsSaysSo() {
        const QString old = path("old");
        QVERIFY(writeOldRun(old).has_value());
        WorkbenchFixture fixture;
        fixture.window().resize(1280, 800);
        fixture.window().show();
        fixture.session().runs().addFolder(old);
        const RunKey run{old, QStringLiteral("a")};
        QTRY_VERIFY(fixture.session().runs().find(run) != nullptr);
        fixture.window().showPage(QStringLiteral("analyse"));
        fixture.session().selection().select({{run}, 0, LinearRole::q_proj});
        auto* channels = fixture.child<StripView>("channel_strip");
        QTRY_COMPARE(channels->data().values.size(), std::size_t{16});
        QTest::keyClick(channels, Qt::Key_Right);
        QCOMPARE(fixture.session().selection().current().channels, (ChannelRange{0, 0}));
        QVERIFY(!fixture.session().selection().current().group);
        QVERIFY(fixture.child<StripView>("group_strip")->data().values.empty());
        auto* view = fixture.child<AnatomyView>("error_anatomy");
        QTRY_COMPARE(view->rows().size(), std::size_t{1});
        QVERIFY(anatomySegments(view->rows()[0]).empty());
        QVERIFY(!fixture.window().grab().isNull());
    }

private:
    static Status writeOldRun(const QString& folder) {
        if (const QString problem = test::makeRunFolder(folder, "a"); !problem.isEmpty())
            return failure(problem.toStdString());
        QS_ASSIGN(auto run, RunFolder::openForWriting(folder.toStdString()));
        LinearRecord linear;
        linear.rows = linear.columns = 16;
        linear.metrics["relative_output_error"] = 0.01;
        linear.channel_error.assign(16, 0.5F);
        LayerRecord record;
        record.linears = {linear};
        QS_TRY(run->writeBlock("a", record, {}, "test"));
        ConfigurationInfo info;
        info.id = "a";
        info.method = methods().front().id;
        info.options = {{"bits", std::int64_t{4}}};
        info.state = "done";
        info.finished_blocks = info.block_count = 1;
        return run->writeConfiguration(info);
    }

    /// Both runs selected, the coarser first, at the last linear of the second block.
    void open(WorkbenchFixture& fixture) {
        fixture.window().resize(1280, 800);
        fixture.window().show();
        fixture.session().runs().addFolder(path("run"));
        QTRY_VERIFY_WITH_TIMEOUT(fixture.session().runs().findFolder(path("run")) != nullptr, 20'000);
        QTRY_VERIFY(fixture.session().runs().findFolder(path("run"))->runs.size() == 3);
        fixture.window().showPage(QStringLiteral("analyse"));
        QList<RunKey> runs;
        for (const auto& run : fixture.session().runs().findFolder(path("run"))->runs)
            if (!run.isOriginal()) runs.prepend(run.key);
        if (!runs.first().configuration.contains(QStringLiteral("w3"))) std::ranges::reverse(runs);
        first_ = runs.first();
        fixture.session().selection().select({runs, 1, LinearRole::down_proj});
        QVERIFY(QTest::qWaitForWindowExposed(&fixture.window()));
    }
    RunKey key() const { return first_; }

    QString path(const QString& name) const { return folder_.filePath(name); }
    QTemporaryDir folder_;
    RunKey first_;
};

QTEST_MAIN(DrillDownTest)
#include "drill_down_test.moc"
