// If this fails, a chart draws other numbers than the run holds, or leaves a run or its unit out.
#include <QApplication>
#include <QSignalSpy>
#include <QTest>

#include "tests/widgets/warnings.h"
#include "widgets/plots/analysis_plots.h"
#include "widgets/plots/plot_canvas.h"
#include "widgets/plots/plot_header.h"
#include "widgets/plots/plot_layout.h"
#include "widgets/text/number_text.h"

using namespace quantoscope;

namespace {
MetricDescription metric(bool logarithmic) {
    return {"e", "SQNR", "dB", false, logarithmic, false, ""};
}

RunCurve curve(double first, double second) {
    RunCurve result{"run", "Run", QColor("#4a90ff"), HeatmapData(2)};
    result.data.set({0, 0}, first);
    result.data.set({0, 1}, second);
    return result;
}
}  // namespace

class PlotsTest : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnQtWarnings(); }
    void theMeanOverLinearsIsGeometricForErrors() {
        QCOMPARE(layerCurveSpec({curve(1, 4)}, metric(true), std::nullopt, ScaleKind::logarithmic).series[0].y[0], 2.0);
        QCOMPARE(layerCurveSpec({curve(1, 4)}, metric(false), std::nullopt, ScaleKind::linear).series[0].y[0], 2.5);
        const PlotSpec spec = layerCurveSpec({curve(1, 4)}, metric(true), 1, ScaleKind::linear);
        QCOMPARE(spec.series[0].y[0], 4.0);
        QVERIFY(std::isnan(spec.series[0].y[1]));
        QCOMPARE(axisTitle(spec.y), "SQNR, dB");
    }
    /// Otherwise the kind of mean depends on the run, and the Δ of two runs is one of two kinds of mean.
    void theMetricAloneDecidesTheMean() {
        auto share = metric(true);
        share.can_be_zero = true;
        const std::vector<double> one{1.0, 4.0};
        const std::vector<double> other{0.0, 4.0, std::nan("")};
        QCOMPARE(meanOverLinears(one, share), 2.5);
        QCOMPARE(meanOverLinears(other, share), 2.0);
        QCOMPARE(meanOverLinears(one, metric(true)), 2.0);
        QCOMPARE(meanOverLinears(other, metric(true)), 4.0);  // a linear without any error was left as it is
        QVERIFY(std::isnan(meanOverLinears({}, metric(true))));
        for (const auto& [first, second] : {std::pair{1.0, 4.0}, std::pair{0.0, 4.0}})
            QCOMPARE(layerCurveSpec({curve(first, second)}, share, std::nullopt, ScaleKind::linear).series[0].y[0],
                     meanOverLinears(std::vector{first, second}, share));
    }
    void aLevelIsNamedAboveThePlotWhereNoCurveRuns() {
        PlotSpec spec = scoreChartSpec({{"M", {}, {{"r2", 2, 50}, {"r8", 8, 6.2}}}}, 6.14, "PPL",
                                       ScaleKind::logarithmic, BitsAxis::nominal);
        const auto drawn = [](const PlotSpec& shown) {
            PlotCanvas canvas;
            canvas.resize(500, 240);
            canvas.setSpec(shown);
            return canvas.grab().toImage();
        };
        const QImage named = drawn(spec);
        spec.lines.front().label.clear();
        const QImage unnamed = drawn(spec);
        const int header = static_cast<int>(plotHeaderHeight(spec, 500));
        const auto part = [](const QImage& image, int top, int bottom) {
            return image.copy(0, top, 500, bottom - top);
        };
        QVERIFY(part(named, 0, header) != part(unnamed, 0, header));
        QVERIFY(part(named, header, 240) == part(unnamed, header, 240));
    }
    void theHistogramHasItsGridAndLeavesEmptyBinsOut() {
        const WeightHistogram histogram{-1.0, 1.0, {5, 0, 7, 1}, {0, 6, 7, 0}, 3, 1, {-0.5F, 0.0F, 0.5F}};
        const PlotSpec spec = weightHistogramSpec(histogram, "q", {}, HistogramContent::original_and_quantized);
        QCOMPARE(spec.series.size(), std::size_t{2});
        QCOMPARE(spec.series[0].x, (std::vector<double>{-0.75, -0.25, 0.25, 0.75}));
        QCOMPARE(spec.series[0].bar_width, 0.5);
        QVERIFY(std::isnan(spec.series[0].y[1]));
        QCOMPARE(spec.lines.size(), std::size_t{3});
        QCOMPARE(spec.lines[2].label, "2");
        QCOMPARE(spec.y.scale, ScaleKind::logarithmic);
    }
    void channelShareSumsFromTheLargest() {
        const PlotSpec spec = channelShareSpec({{"a", "A", {}, {0.1F, 0.6F, 0.2F, 0.1F}}});
        QCOMPARE(spec.series[0].x, (std::vector<double>{0, 25, 50, 75, 100}));
        QVERIFY(std::abs(spec.series[0].y[1] - 60.0) < 1e-4);
        QVERIFY(std::abs(topChannelShare({0.1F, 0.6F, 0.2F, 0.1F}, 0.5) - 0.8) < 1e-6);
        QVERIFY(channelShareSpec({{"a", "A", {}, {}}}).series.empty());
    }
    void scoreChartPutsWideBitsLeftAndKeepsTheGhost() {
        const PlotSpec spec = scoreChartSpec({{"M", {}, {{"r2", 2, 50}, {"r8", 8, 6.2}, {"r4", 4, 6.8}}}}, 6.14, "PPL",
                                             ScaleKind::logarithmic, BitsAxis::nominal);
        QCOMPARE(spec.x.named_ticks.front().second, "8 bits");
        QCOMPARE(spec.series[0].point_ids, (std::vector<QString>{"r8", "r4", "r2"}));
        QCOMPARE(spec.series[0].y, (std::vector<double>{6.2, 6.8, 50}));
        QCOMPARE(spec.lines[0].value, 6.14);
        QVERIFY(axisRange(spec, Qt::Vertical).low < 6.14);
    }
    void logTicksArePowers() {
        PlotAxis axis;
        axis.scale = ScaleKind::logarithmic;
        const Ticks ticks = axisTicks(axis, {1.0, 1e6}, 10);
        QCOMPARE(ticks.size(), std::size_t{7});
        QCOMPARE(ticks.back().second, "10⁶");
    }
    void ticksOfANarrowRangeReadDifferently() {
        const Ticks ticks = axisTicks({}, {2.26510, 2.26531}, 4);
        QVERIFY(ticks.size() >= 3);
        for (std::size_t i = 1; i < ticks.size(); ++i) QVERIFY(ticks[i].second != ticks[i - 1].second);
        QVERIFY2(ticks[0].second.startsWith("2.265"), qPrintable(ticks[0].second));
        const Ticks wide = axisTicks({}, {0.0, 10.0}, 4);
        QCOMPARE(wide[1].second, valueText(wide[1].first));
    }
    void theReadOutListsEverySeriesAtItsX() {
        PlotSpec spec;
        spec.x.label = "block";
        spec.x.whole_numbers = true;
        spec.y.unit = "dB";
        spec.series = {{.id = "a",
                        .point_ids = {},
                        .name = "A",
                        .colour = {},
                        .x = {0, 1},
                        .y = {3, 4},
                        .band_low = {},
                        .band_high = {}},
                       {.id = "b",
                        .point_ids = {},
                        .name = "B",
                        .colour = {},
                        .x = {0, 1},
                        .y = {5, 6},
                        .band_low = {},
                        .band_high = {}}};
        const QString text = readOut(spec, 0.9);
        for (const char* part : {"block 1", "A <b>4 dB</b>", "B <b>6 dB</b>"})
            QVERIFY2(text.contains(part), qPrintable(text));
        QVERIFY(readOut({}, 0.0).isEmpty());
    }
    void aLegendAppearsFromTwoSeriesAndWraps() {
        PlotSpec spec = layerCurveSpec({curve(1, 2), curve(1, 2)}, metric(false), 0, ScaleKind::linear);
        QVERIFY(plotHeaderHeight(spec, 80) > plotHeaderHeight(spec, 800));
    }
    void aClickOnAPointNamesItsRun() {
        PlotCanvas canvas;
        canvas.resize(500, 300);
        canvas.setSpec(scoreChartSpec({{"M", {}, {{"r8", 8, 6.2}, {"r4", 4, 6.8}, {"r2", 2, 50}}}}, std::nullopt, "PPL",
                                      ScaleKind::logarithmic, BitsAxis::nominal));
        canvas.show();
        QVERIFY(QTest::qWaitForWindowExposed(&canvas));
        QTest::qWait(20);
        QSignalSpy clicked(&canvas, &PlotCanvas::pointClicked);
        QWidget* plot = canvas.findChildren<QWidget*>().front();
        // Points lie on a line through the plot: somewhere on a fine lattice one is hit.
        for (int x = 0; x < plot->width() && clicked.isEmpty(); x += 8)
            for (int y = 0; y < plot->height() && clicked.isEmpty(); y += 8)
                QTest::mouseClick(plot, Qt::LeftButton, {}, QPoint(x, y));
        QCOMPARE(clicked.count(), 1);
        QVERIFY(clicked[0][0].toString().startsWith("r"));
    }
    void theTableHoldsEverySeries() {
        PlotCanvas canvas;
        canvas.setSpec(layerCurveSpec({curve(1, 4)}, metric(true), 0, ScaleKind::linear));
        QCOMPARE(canvas.csvText().split('\n')[1], "Run,0,1");
    }
};
QTEST_MAIN(PlotsTest)
#include "plots_test.moc"
