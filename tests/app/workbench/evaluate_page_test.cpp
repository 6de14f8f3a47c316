// If this fails, a person cannot see which questions a quantized model loses, or reads noise as a difference.
// With QUANTOSCOPE_SCREENS the page is drawn into that folder.
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QPushButton>
#include <QTabBar>
#include <cmath>

#include "core/run_store/question_file.h"
#include "tests/app/workbench/workbench_fixture.h"
#include "widgets/plots/plot_canvas.h"
#include "widgets/question_table/question_table.h"
#include "widgets/score_table/score_table.h"

using namespace quantoscope;
using test::WorkbenchFixture;

namespace {

constexpr int kQuestions = 120;

Score perplexityScore(double shift) {
    Score score;
    score.benchmark = "wikitext2";
    score.metric = "perplexity";
    score.protocol = {{"window", "512"}, {"windows", "24"}, {"precision", "float32"}, {"text_sha256", "aa"}};
    double sum = 0.0;
    for (int i = 0; i < 24; ++i) {
        score.window_nll.push_back(2.0 + ((7 * i) % 24) / 48.0 + shift +
                                   ((5 * i) % 7 - 3) / 100.0 * (shift == 0.0 ? 0 : 1));
        sum += score.window_nll.back();
    }
    score.value = std::exp(sum / 24.0);
    return score;
}

/// Right but for every `lost`-th question.
Score accuracyScore(int lost) {
    Score score;
    score.benchmark = "piqa";
    score.metric = "acc";
    score.protocol = {{"items", "120"}, {"encoding", "separate"}, {"precision", "float32"}, {"data_sha256", "bb"}};
    for (int i = 0; i < kQuestions; ++i) {
        const bool right = i % lost != 0;
        const int gold = i % 2;
        const double lead = 0.25 + (i * 37 % 100) / 25.0;
        std::vector<double> values(2, -40.0 - i % 9);
        values[static_cast<std::size_t>(right ? gold : 1 - gold)] += lead;
        score.items.push_back({values, {30, 32}, gold});
    }
    const auto accuracy = accuracyOf(score.items);
    score.value = accuracy.value;
    score.standard_error = accuracy.standard_error;
    return score;
}

Status addConfiguration(RunFolder& run, const std::string& id, int bits, double shift, int lost) {
    ConfigurationInfo info;
    info.id = id;
    info.state = "done";
    if (bits > 0) {
        info.method = id.substr(0, id.find('-'));
        info.options = {{"bits", std::int64_t{bits}}, {"group_size", std::int64_t{64}}};
        info.bits_per_weight = bits + 0.5;
        info.seconds = 30.0;
        info.peak_bytes = 4'000'000;
    }
    QS_TRY(run.writeConfiguration(info));
    std::vector<QuestionText> questions;
    for (int i = 0; i < kQuestions; ++i)
        questions.push_back({"How is butter kept cool, No. " + std::to_string(i + 1) + "?",
                             {"In a crock in the <stream>.", "On the sill at noon."},
                             {}});
    QS_TRY(writeQuestions(run.path(), accuracyScore(lost), questions));
    return run.writeScores(id, std::vector{perplexityScore(shift), accuracyScore(lost)});
}

Status makeRun(const QString& path) {
    QS_ASSIGN(const auto run, RunFolder::openForWriting(path.toStdString()));
    Recipe recipe;
    recipe.model = "nowhere/tiny";
    QS_TRY(run->writeRecipe(recipeJson(recipe)));
    QS_TRY(run->writeManifest("{}"));
    QS_TRY(addConfiguration(*run, "original", 0, 0.0, 7));
    QS_TRY(addConfiguration(*run, "gptq-w4-g64", 4, 0.001, 6));
    QS_TRY(addConfiguration(*run, "gptq-w2-g64", 2, 0.2, 2));
    QS_TRY(addConfiguration(*run, "rtn-w4-g64", 4, 0.02, 5));
    return addConfiguration(*run, "rtn-w2-g64", 2, 0.5, 2);
}

}  // namespace

class EvaluatePageTest : public QObject {
    Q_OBJECT
private slots:
    void pages_data() {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void pages() {
        QFETCH(bool, dark);
        WorkbenchFixture fixture;
        fixture.theme->setChoice(dark ? ThemeChoice::dark : ThemeChoice::light);
        fixture.window().resize(1280, 800);
        fixture.window().show();
        const QString path = fixture.folder.filePath("runs/a");
        const auto made = makeRun(path);
        QVERIFY2(made, made ? "" : made.error().message.c_str());
        fixture.workbench->openPaths({path});
        QTRY_COMPARE(fixture.session().runs().folders().size(), std::size_t{1});
        fixture.window().showPage("evaluate");
        auto* table = fixture.child<ScoreTable>("score_table");
        auto* chart = fixture.child<PlotCanvas>("score_chart");
        auto* column = fixture.child<QComboBox>("score_column");
        QVERIFY(table != nullptr && chart != nullptr && column != nullptr);
        // Without a pin: bars of error, no Δ.
        QVERIFY(chart->spec().series.at(0).error_bars);
        QCOMPARE(chart->spec().series[0].band_low.size(), chart->spec().series[0].y.size());
        grab(fixture, "chart");
        showQuestions(fixture, column);
        pinAndCompare(fixture, path, *table);
        flipsByKeyboard(fixture);
        textsHaveNoQuestions(fixture, column);
    }

private:
    /// Nothing is pinned: the card says so and offers full precision.
    static void showQuestions(WorkbenchFixture& fixture, QComboBox* column) {
        for (int i = 0; i < column->count(); ++i)
            if (column->itemText(i).startsWith("PIQA")) column->setCurrentIndex(i);
        emit column->activated(column->currentIndex());
        auto* views = fixture.child<QTabBar>("score_views");
        views->setFocus();
        QTest::keyClick(views, Qt::Key_Right);
        QCOMPARE(views->currentIndex(), 1);
        auto* empty = fixture.child<QWidget>("questions_empty");
        QVERIFY(empty->isVisible());
        grab(fixture, "nothing-pinned");
        QTest::mouseClick(empty->findChild<QPushButton*>(), Qt::LeftButton);
        QCOMPARE(fixture.session().baseline().configuration, "original");
        QVERIFY(empty->isVisible());  // a run is still missing
    }
    static void pinAndCompare(WorkbenchFixture& fixture, const QString& path, const ScoreTable& table) {
        fixture.session().selection().selectRuns({{path, "gptq-w2-g64"}});
        QVERIFY(fixture.child<QWidget>("question_table")->isVisible());
        const auto cell = [&](const QString& run, const QString& header) {
            for (int row = 0; row < table.model()->rowCount(); ++row)
                for (int at = 0; at < table.model()->columnCount(); ++at)
                    if (table.model()->index(row, 0).data(ScoreTableModel::kRowIdRole).toString().endsWith(run) &&
                        table.model()->headerData(at, Qt::Horizontal).toString().startsWith(header))
                        return table.model()->index(row, at);
            return QModelIndex();
        };
        const auto near = cell("gptq-w4-g64", "WikiText");
        QVERIFY(near.data(ScoreTableModel::kDeltaRole).toString().startsWith("≈"));
        QVERIFY(near.data(Qt::ToolTipRole).toString().contains("95 % interval of Δ"));
        QCOMPARE(near.data(ScoreTableModel::kBetterRole).toInt(), 0);
        QCOMPARE(cell("gptq-w2-g64", "WikiText").data(ScoreTableModel::kBetterRole).toInt(), -1);
        QCOMPARE(cell("gptq-w2-g64", "PIQA").data(ScoreTableModel::kBetterRole).toInt(), -1);
        QVERIFY(cell("gptq-w2-g64", "PIQA").data(Qt::ToolTipRole).toString().contains("lost"));
    }
    static void flipsByKeyboard(WorkbenchFixture& fixture) {
        auto* questions = fixture.child<QuestionTable>("question_table");
        QCOMPARE(questions->model()->rowCount(), kQuestions);
        auto* text = fixture.child<QLabel>("question_text");
        QTRY_VERIFY(text->text().contains(QStringLiteral("No. 1?")));
        QVERIFY(text->text().contains(QStringLiteral("&lt;stream&gt;")));
        questions->setFocus();
        questions->selectRow(0);
        QTest::keyClick(questions, Qt::Key_Down);
        QVERIFY(text->text().contains(QStringLiteral("No. 2?")));
        QVERIFY(text->text().contains(QStringLiteral("baseline")));
        QCOMPARE(questions->viewTable().rows[1].back(),
                 QStringLiteral("In a crock in the <stream>. | On the sill at noon."));
        grab(fixture, "questions");
        auto* flips = fixture.child<QCheckBox>("flips_only");
        flips->setFocus();
        QTest::keyClick(flips, Qt::Key_Space);
        int expected = 0;
        for (int i = 0; i < kQuestions; ++i) expected += (i % 7 != 0) != (i % 2 != 0) ? 1 : 0;
        QCOMPARE(questions->model()->rowCount(), expected);
        grab(fixture, "flips");
        QCOMPARE(questions->viewTable().rows.size(), static_cast<std::size_t>(expected));
        QVERIFY(questions->focusPolicy() & Qt::TabFocus);
    }
    static void textsHaveNoQuestions(WorkbenchFixture& fixture, QComboBox* column) {
        column->setCurrentIndex(0);
        emit column->activated(0);
        QVERIFY(fixture.child<QWidget>("questions_empty")->isVisible());
        auto* views = fixture.child<QTabBar>("score_views");
        views->setCurrentIndex(0);
        grab(fixture, "pinned");
    }
    static void grab(WorkbenchFixture& fixture, const char* name) {
        const QString folder = qEnvironmentVariable("QUANTOSCOPE_SCREENS");
        if (folder.isEmpty()) return;
        QTest::qWait(600);
        QVERIFY(QDir().mkpath(folder));
        QVERIFY(fixture.window().grab().save(
            QStringLiteral("%1/evaluate-%2-%3.png")
                .arg(folder, QLatin1String(name), QLatin1String(QTest::currentDataTag()))));
    }
};
QTEST_MAIN(EvaluatePageTest)
#include "evaluate_page_test.moc"
