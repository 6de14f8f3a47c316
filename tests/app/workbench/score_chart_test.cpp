// Failing here: the chart of scores joins checkpoints that have nothing to do with each other, or a run changes its
// colour while it is computed.
#include <QtTest>
#include <set>

#include "app/workbench/evaluate_page/score_data.h"

using namespace quantoscope;

namespace {

RunEntry entry(const std::string& id, const std::string& method, int bits, int group_size) {
    RunEntry run;
    run.key = {QStringLiteral("/runs/one"), QString::fromStdString(id)};
    run.info.id = id;
    run.info.method = method;
    run.info.state = "done";
    run.info.options = {{"bits", std::int64_t{bits}}, {"group_size", std::int64_t{group_size}}};
    run.info.bits_per_weight = bits + 0.25;
    Score score;
    score.benchmark = "wikitext2";
    score.metric = "perplexity";
    score.value = 10.0 + 1.0 / bits;
    run.scores = {score};
    return run;
}

RunEntry checkpoint(const std::string& id, const std::string& path, double bits_per_weight) {
    auto run = entry(id, "checkpoint", 0, -1);
    run.info.options.clear();
    run.info.checkpoint = path;
    run.info.bits_per_weight = bits_per_weight;
    return run;
}

ScoreChart chartOf(const std::vector<RunEntry>& runs) {
    std::vector<const RunEntry*> shown;
    for (const auto& run : runs) shown.push_back(&run);
    ScoreStatistics statistics;
    return scoreChart(shown, scoreColumnId(runs.front().scores.front()), statistics, lightTokens());
}

}  // namespace

class ScoreChartTest : public QObject {
    Q_OBJECT
private slots:
    void widthsOfOneMethodAreOneLine() {
        const auto chart = chartOf({entry("gptq-w4-g64", "gptq", 4, 64), entry("gptq-w3-g64", "gptq", 3, 64)});
        QCOMPARE(chart.lines.size(), std::size_t{1});
        QCOMPARE(chart.lines[0].method, QStringLiteral("GPTQ"));
        QCOMPARE(chart.lines[0].points.size(), std::size_t{2});
    }
    void variantsOfAMethodAreLinesOfTheirOwn() {
        const auto chart = chartOf({entry("gptq-w4-g64", "gptq", 4, 64), entry("gptq-w4-g128", "gptq", 4, 128),
                                    entry("gptq-w3-g64", "gptq", 3, 64), entry("gptq-w3-g128", "gptq", 3, 128)});
        QCOMPARE(chart.lines.size(), std::size_t{2});
        QStringList names{chart.lines[0].method, chart.lines[1].method};
        names.sort();
        QCOMPARE(names, (QStringList{QStringLiteral("GPTQ g128"), QStringLiteral("GPTQ g64")}));
        QVERIFY(chart.lines[0].colour != chart.lines[1].colour);
    }
    void mixedRunsAreOneLineBesideTheirMethods() {
        const auto chart = chartOf({entry("gptq-w4-g64", "gptq", 4, 64), entry("gptq-w4-g64-mixed-1a2b", "gptq", 4, 64),
                                    entry("gptq-w4-g64-mixed-3c4d", "gptq", 4, 64)});
        QCOMPARE(chart.lines.size(), std::size_t{2});
        QCOMPARE(chart.lines[0].method, QStringLiteral("GPTQ g64"));
        QCOMPARE(chart.lines[1].method, QStringLiteral("GPTQ g64 mixed"));
        QCOMPARE(chart.lines[1].points.size(), std::size_t{2});
    }
    void fourVariantsHaveFourColours() {
        std::vector<RunEntry> runs;
        for (const int group : {32, 64, 128, 256})
            runs.push_back(entry("gptq-w4-g" + std::to_string(group), "gptq", 4, group));
        std::set<QRgb> colours;
        for (const auto& line : chartOf(runs).lines) colours.insert(line.colour.rgb());
        QCOMPARE(colours.size(), std::size_t{4});
    }
    void checkpointsStandAlone() {
        const auto chart =
            chartOf({checkpoint("one", "/models/awq-4bit", 4.2), checkpoint("two", "/models/tuned", 16.0)});
        QCOMPARE(chart.lines.size(), std::size_t{2});
        for (const auto& line : chart.lines) QCOMPARE(line.points.size(), std::size_t{1});
    }
    void aCheckpointThatIsNotReadYetHasNoPlace() {
        QVERIFY(chartOf({checkpoint("one", "/models/awq-4bit", 0.0)}).lines.empty());
    }
    void aCheckpointKeepsItsColourWhenItIsDone() {
        const auto before = checkpoint("one", "/models/awq-4bit", 0.0);
        const auto after = checkpoint("one", "/models/awq-4bit", 4.2);
        QCOMPARE(runColour(before.info, lightTokens()), runColour(after.info, lightTokens()));
    }
};

QTEST_MAIN(ScoreChartTest)
#include "score_chart_test.moc"
