// If this fails, the difference of two runs, the colour range or the exported CSV of the heatmap is wrong.
#include "core/analysis/compare.h"

#include <QTest>
#include <cmath>
#include <set>

using namespace quantoscope;

namespace {
LinearRecord linear(LinearRole role, std::int64_t weights, double error) {
    LinearRecord record;
    record.role = role;
    record.rows = weights;
    record.columns = 1;
    record.metrics["weight_mse"] = error;
    return record;
}
std::vector<LayerRecord> records() {
    LayerRecord second{2, {linear(LinearRole::q_proj, 10, 0.5), linear(LinearRole::down_proj, 30, 0.1)}, {}};
    LayerRecord first{0, {linear(LinearRole::q_proj, 10, 0.25)}, {}};
    return {second, first, LayerRecord{9, {linear(LinearRole::q_proj, 1, 9.0)}, {}}};
}
}  // namespace

class CompareTest : public QObject {
    Q_OBJECT
private slots:
    void aGridHasACellPerFinishedLinear() {
        const MetricGrid grid = metricGrid(records(), "weight_mse", 3);
        QCOMPARE(grid.columns, 3);
        QCOMPARE(grid.at(0, 0), 0.25);
        QCOMPARE(grid.at(0, 2), 0.5);
        QCOMPARE(grid.at(6, 2), 0.1);
        QVERIFY(std::isnan(grid.at(0, 1)) && std::isnan(grid.at(6, 0)));
        QCOMPARE(gridRange(grid).count, 3);
    }
    void differencesNeedBothSides() {
        const MetricGrid a = metricGrid(records(), "weight_mse", 3);
        MetricGrid b = metricGrid(records(), "weight_mse", 2);
        b.at(0, 0) = 0.2;
        const MetricGrid delta = difference(a, b);
        QCOMPARE(delta.columns, 3);
        QVERIFY(std::fabs(delta.at(0, 0) - 0.05) < 1e-12);
        QVERIFY(std::isnan(delta.at(0, 2)));
    }
    void quantilesAreLinearBetweenNeighbours() {
        QCOMPARE(quantile({4.0, 1.0, std::nan(""), 3.0, 2.0, INFINITY}, 0.5), 2.5);
        QCOMPARE(quantile({4.0, 1.0}, 1.0), 4.0);
        QVERIFY(std::isnan(quantile({}, 0.5)));
        QVERIFY(std::isnan(gridRange(MetricGrid()).low));
    }
    void csvIsExactAndEmptyWhereNothingIsKnown() {
        const std::string text = gridCsv(metricGrid(records(), "weight_mse", 3));
        QVERIFY(text.starts_with("linear,0,1,2\nself_attn.q_proj,0.25,,0.5\nself_attn.k_proj,,,\n"));
        QVERIFY(text.ends_with("mlp.down_proj,,,0.1\n"));
    }
    void aSummaryWeighsLinearsByTheirSize() {
        const MetricSummary summary = summarize({records()[0], records()[1]}, *findMetric("weight_mse"));
        QVERIFY(std::fabs(summary.mean - (5.0 + 3.0 + 2.5) / 50.0) < 1e-12);
        QCOMPARE(summary.worst, 0.5);
        QCOMPARE(summary.worst_block, 2);
        QCOMPARE(summary.linear_count, 3);
        QVERIFY(std::isnan(summarize({}, *findMetric("cosine")).mean));
    }
    void metricsDescribeThemselves() {
        std::set<std::string> ids;
        for (const auto& metric : linearMetrics()) {
            QVERIFY(ids.insert(metric.id).second);
            QVERIFY(!metric.label.empty() && metric.definition.ends_with("."));
        }
        QVERIFY(findMetric("nothing") == nullptr);
    }
};
QTEST_APPLESS_MAIN(CompareTest)
#include "compare_test.moc"
