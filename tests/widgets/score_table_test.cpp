// If this fails, a score is shown for the wrong run, a Δ has the wrong sign, or the copied table is not the one on
// view.
#include "widgets/score_table/score_table.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include "tests/widgets/warnings.h"

using namespace quantoscope;

namespace {
std::vector<ScoreColumn> columns() {
    return {{"w", "WikiText2", "PPL", true, "Perplexity"},
            {"p", "PIQA", "%", false, "Accuracy", 50.0},
            {"n", "PIQA, normalised", "%", false, "Accuracy", 50.0, false}};
}
std::vector<ScoreRow> rows() {
    return {{"a", "A", QColor("#4a90ff"), 4.25, 5700000000ULL, 100.0, {{"w", 6.5}, {"p", 79.0}}},
            {"b", "B", QColor("#f0902a"), 3.25, 4700000000ULL, 52.0, {{"w", 10.25}, {"p", 80.5}}, {{"p", 0.75}}},
            {"c", "C", {}, std::nullopt, std::nullopt, std::nullopt, {{"w", 1.7e6}}}};
}
}  // namespace

class ScoreTableTest : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnQtWarnings(); }
    void theModelIsSound() {
        ScoreTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setContents(columns(), rows());
        model.setPinned("a");
        QCOMPARE(model.index(1, 2).data().toString(), "10.25");
        QCOMPARE(model.index(2, 2).data().toString(), "1.7e6");
        QCOMPARE(model.index(2, 3).data().toString(), "–");
        QCOMPARE(model.headerData(3, Qt::Horizontal, Qt::DisplayRole).toString(), "PIQA % ↑");
        model.setContents({}, {});
    }
    void accuraciesHaveTheirErrorAndChance() {
        ScoreTable table;
        table.setContents(columns(), rows());
        QCOMPARE(table.model()->columnCount(), 6);  // the normalised one is not listed
        const auto cell = table.model()->index(1, 3);
        QCOMPARE(cell.data().toString(), "80.5");
        QCOMPARE(cell.data(ScoreTableModel::kErrorRole).toString(), "± 0.8");
        QVERIFY(cell.data(Qt::ToolTipRole).toString().contains("guessing scores 50"));
        QVERIFY(table.model()->index(0, 3).data(ScoreTableModel::kErrorRole).toString().isEmpty());
        QVERIFY(!table.model()->index(1, 2).data(ScoreTableModel::kErrorRoomRole).toBool());
    }
    void namesGiveWayBeforeTheTableScrolls() {
        ScoreTable table;
        auto long_names = rows();
        long_names[0].name = "GPTQ w4 g128 no-true-sequential static-groups";
        table.resize(640, 300);
        table.show();
        table.setContents(columns(), long_names);
        QTest::qWait(20);
        QCOMPARE(table.horizontalScrollBar()->maximum(), 0);
        int width = 0;
        for (int column = 0; column < table.model()->columnCount(); ++column) {
            width += table.columnWidth(column);
            QVERIFY(table.columnWidth(column) >= table.horizontalHeader()->sectionSizeHint(column) || column == 0);
        }
        QCOMPARE(width, table.viewport()->width());
        QVERIFY(table.columnWidth(0) >= 100);
        QCOMPARE(table.model()->index(0, 0).data(Qt::ToolTipRole).toString(), long_names[0].name);
        table.resize(300, 300);  // too narrow for the numbers: they are never cut
        QTest::qWait(20);
        QVERIFY(table.horizontalScrollBar()->maximum() > 0);
    }
    void deltasWithinAnErrorAreNoVerdict() {
        ScoreTableModel model;
        auto noisy = rows();
        noisy[1].standard_errors["p"] = 2.0;
        model.setContents(columns(), noisy);
        model.setPinned("a");
        QCOMPARE(model.index(1, 3).data(ScoreTableModel::kDeltaRole).toString(), "+1.5");
        QCOMPARE(model.index(1, 3).data(ScoreTableModel::kBetterRole).toInt(), 0);
    }
    void theIntervalDecidesWhereThereIsOne() {
        auto compared = rows();
        compared[1].against_pin = {{"w", {false, -0.5, 8.0, "cannot be told apart"}},
                                   {"p", {true, 0.25, 2.75, "differs"}}};
        compared[1].standard_errors["p"] = 2.0;  // no longer asked
        ScoreTable table;
        table.setContents(columns(), compared);
        table.setPinned("a");
        const auto* model = table.model();
        QCOMPARE(model->index(1, 2).data(ScoreTableModel::kDeltaRole).toString(), "≈ +3.75");
        QCOMPARE(model->index(1, 2).data(ScoreTableModel::kBetterRole).toInt(), 0);
        QVERIFY(model->index(1, 2).data(Qt::ToolTipRole).toString().contains("cannot be told apart"));
        QCOMPARE(model->index(1, 3).data(ScoreTableModel::kDeltaRole).toString(), "+1.5");
        QCOMPARE(model->index(1, 3).data(ScoreTableModel::kBetterRole).toInt(), 1);
        const auto csv = table.viewTable();
        QCOMPARE(csv.header[3], "Δ WikiText2 ↓");
        QCOMPARE(csv.rows[1].mid(3, 4), QStringList({"3.75", "-0.5", "8", "no"}));
        QCOMPARE(csv.rows[1].size(), csv.header.size());
    }
    void deltasKnowWhatIsBetter() {
        ScoreTableModel model;
        model.setContents(columns(), rows());
        model.setPinned("a");
        QCOMPARE(model.index(1, 2).data(ScoreTableModel::kDeltaRole).toString(), "+3.75");
        QCOMPARE(model.index(1, 2).data(ScoreTableModel::kBetterRole).toInt(), -1);
        QCOMPARE(model.index(1, 3).data(ScoreTableModel::kDeltaRole).toString(), "+1.5");
        QCOMPARE(model.index(1, 3).data(ScoreTableModel::kBetterRole).toInt(), 1);
        QVERIFY(model.index(0, 2).data(ScoreTableModel::kDeltaRole).toString().isEmpty());
        QVERIFY(model.index(2, 3).data(ScoreTableModel::kDeltaRole).toString().isEmpty());
        model.setPinned({});
        QVERIFY(model.index(1, 2).data(ScoreTableModel::kDeltaRole).toString().isEmpty());
    }
    void theCopyHoldsTheRowsAsSorted() {
        ScoreTable table;
        table.setContents(columns(), rows());
        table.sortByColumn(2, Qt::DescendingOrder);
        table.copyAsCsv();
        const QStringList lines = QGuiApplication::clipboard()->text().split('\n');
        QCOMPARE(lines[0],
                 "Run,Bits per weight,WikiText2 ↓,PIQA % ↑,Standard error of PIQA % ↑,Peak memory (bytes),Time (s)");
        QCOMPARE(lines[1], "C,,1700000,,,,");
        QCOMPARE(lines[2], "B,3.25,10.25,80.5,0.75,4700000000,52");
    }
    void selectingFromOutsideIsSilent() {
        ScoreTable table;
        table.setContents(columns(), rows());
        QSignalSpy selected(&table, &ScoreTable::rowSelected);
        table.selectRow("b");
        QCOMPARE(selected.count(), 0);
        table.setCurrentIndex(table.model()->index(0, 0));
        QCOMPARE(selected.count(), 1);
        QCOMPARE(selected[0][0].toString(), "a");
    }
};
QTEST_MAIN(ScoreTableTest)
#include "score_table_test.moc"
