// If this fails, a locked range does not hold for every map of the Analyse page, so that two pictures taken one after
// the other show different colours for the same number.
#include <QToolButton>

#include "tests/app/workbench/workbench_fixture.h"
#include "widgets/heatmap/heatmap_view.h"

using namespace quantoscope;
using test::WorkbenchFixture;

namespace {

constexpr int kBlocks = 3;

/// Blocks with one number of a linear: `step` tells the configurations apart.
Status writeBlocks(RunFolder& folder, const std::string& configuration, double step) {
    for (std::int64_t block = 0; block < kBlocks; ++block) {
        LinearRecord linear;
        linear.rows = 16;
        linear.columns = 16;
        linear.metrics["relative_output_error"] = 0.01 + step * static_cast<double>(block);
        LayerRecord record;
        record.block = block;
        record.linears = {linear};
        if (const auto status = folder.writeBlock(configuration, record, {}, "test"); !status) return status;
    }
    ConfigurationInfo info;
    info.id = configuration;
    info.method = "rtn";
    info.options = {{"bits", std::int64_t{4}}};
    info.state = "done";
    info.finished_blocks = kBlocks;
    info.block_count = kBlocks;
    return folder.writeConfiguration(info);
}

}  // namespace

class AnalysePageTest : public QObject {
    Q_OBJECT

private slots:
    void lockHoldsTheRangeOfTheDifferenceToo() {
        WorkbenchFixture fixture;
        const QString path = fixture.session().paths().runs + QStringLiteral("/run");
        QCOMPARE(test::makeRunFolder(path, "a"), QString());
        {
            auto folder = RunFolder::openForWriting(path.toStdString());
            QVERIFY(folder.has_value());
            for (const auto& [id, step] : {std::pair("a", 0.01), std::pair("b", 0.03), std::pair("c", 0.2)}) {
                const auto status = writeBlocks(**folder, id, step);
                QVERIFY2(status.has_value(), status ? "" : status.error().message.c_str());
            }
        }
        fixture.window().resize(1280, 800);
        fixture.window().show();
        fixture.session().runs().rescan();
        QTRY_VERIFY(fixture.session().runs().find(key(path, "c")) != nullptr);
        fixture.window().showPage(QStringLiteral("analyse"));
        auto* difference = fixture.child<HeatmapView>("difference_map");
        fixture.session().selection().selectRuns({key(path, "a"), key(path, "b")});
        QTRY_VERIFY(difference->data().present().size() == kBlocks);
        const ValueRange before = difference->effectiveRange();
        QVERIFY(before.high > 0.0);
        QCOMPARE(before.low, -before.high);

        auto* lock = fixture.child<QToolButton>("rangeLock");
        QTest::mouseClick(lock, Qt::LeftButton);
        QVERIFY(lock->isChecked());
        fixture.session().selection().selectRuns({key(path, "a"), key(path, "c")});
        const auto last = [difference] {
            const auto values = difference->data().present();
            return values.empty() ? 0.0 : values.back();
        };
        QTRY_VERIFY(last() < -0.3);
        QVERIFY(difference->effectiveRange() == before);

        lock->setFocus();
        QTest::keyClick(lock, Qt::Key_Space);
        QVERIFY(!lock->isChecked());
        QVERIFY(difference->effectiveRange().high > 2.0 * before.high);
    }

private:
    static RunKey key(const QString& folder, const char* configuration) {
        return {folder, QString::fromLatin1(configuration)};
    }
};

QTEST_MAIN(AnalysePageTest)
#include "analyse_page_test.moc"
