// If this fails, a question is listed with another run's pick, a flip is hidden, or the copied table is not the one on
// view.
#include "widgets/question_table/question_table.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QTest>
#include <cmath>

#include "tests/widgets/warnings.h"

using namespace quantoscope;

namespace {
std::vector<QuestionRow> rows() {
    return {{1, 0, 0, 0, {-1.5, -2.0}, {-1.25, -2.0}},  // right in both
            {2, 1, 1, 0, {-3.0, -1.0}, {-1.0, -3.0}},   // lost
            {3, 0, 1, 0, {-3.0, -1.0}, {-1.0, -3.0}},   // won
            {4, 0, 1, -1, {-3.0, -1.0}, {std::nan(""), -3.0}}};
}
}  // namespace

class QuestionTableTest : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnQtWarnings(); }
    void theModelIsSound() {
        QuestionModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setContents(rows(), "Original", "GPTQ w2");
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(model.headerData(QuestionModel::kRunPick, Qt::Horizontal, Qt::DisplayRole).toString(), "GPTQ w2");
        QCOMPARE(model.index(0, QuestionModel::kRight).data().toString(), "A");
        QCOMPARE(model.index(1, QuestionModel::kBaselinePick).data().toString(), "B ✓");
        QCOMPARE(model.index(1, QuestionModel::kRunPick).data().toString(), "A");
        QCOMPARE(model.index(1, QuestionModel::kChange).data().toString(), "right → wrong");
        QCOMPARE(model.index(2, QuestionModel::kChange).data(QuestionModel::kVerdictRole).toInt(), 1);
        QCOMPARE(model.index(3, QuestionModel::kRunPick).data().toString(), "NaN");
        QCOMPARE(model.index(0, QuestionModel::kRunLikelihoods).data().toString(), "−1.25   −2.00");
        model.setFlipsOnly(true);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(1, QuestionModel::kNumber).data().toString(), "3");
        model.setContents({}, {}, {});
        QCOMPARE(model.rowCount(), 0);
    }
    /// Otherwise the texts of other questions are shown, or none and nobody is told.
    void textsThatDoNotFitAreTold() {
        QuestionTable table;
        table.setContents(rows(), "Original", "GPTQ w2");
        const QuestionText fits{"q", {"x", "y"}, {}};
        QVERIFY(!table.setTexts({fits, fits, fits}));
        QVERIFY(!table.setTexts({fits, fits, {"q", {"x", "y", "z"}, {}}, fits}));
        QVERIFY(table.setTexts({fits, fits, fits, fits}));
        QCOMPARE(table.currentQuestion()->question, "q");
    }
    void theCopyHoldsWhatIsShown() {
        QuestionTable table;
        table.setContents(rows(), "Original", "GPTQ w2");
        table.setFlipsOnly(true);
        table.sortByColumn(QuestionModel::kNumber, Qt::DescendingOrder);
        table.show();
        QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
        const QStringList lines = QGuiApplication::clipboard()->text().split('\n');
        QCOMPARE(lines[0], "No.,Right,Change,Original,Log-likelihoods Original,GPTQ w2,Log-likelihoods GPTQ w2");
        QCOMPARE(lines[1], "3,A,wrong → right,B,-3 -1,A,-1 -3");
        QCOMPARE(lines[2], "2,B,right → wrong,B,-3 -1,A,-1 -3");
    }
    void tenThousandQuestionsAreQuick() {
        std::vector<QuestionRow> many;
        for (int i = 0; i < 10'042; ++i)
            many.push_back({i + 1, i % 4, i % 4, (i * 7) % 4, {-1.0, -2.0, -3.0, -4.0}, {-4.0, -3.0, -2.0, -1.0}});
        QuestionTable table;
        table.resize(700, 300);
        table.show();
        QElapsedTimer clock;
        clock.start();
        table.setContents(std::move(many), "Original", "GPTQ w2");
        table.setFlipsOnly(true);
        qInfo("shown after %lld ms", clock.elapsed());
#ifdef NDEBUG
        QVERIFY(clock.elapsed() < 50);
#endif
    }
};
QTEST_MAIN(QuestionTableTest)
#include "question_table_test.moc"
