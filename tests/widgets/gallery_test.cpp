// If this fails, a view crashes while drawing. With QUANTOSCOPE_GALLERY=<folder> every view is also written there as PNG, dark and
// light, for people to look at. The numbers are made by formulas and appear nowhere else.
#include <cmath>

#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QTest>
#include <QVBoxLayout>

#include "widgets/card/card.h"
#include "widgets/empty_state/empty_state.h"
#include "widgets/error_banner/error_banner.h"
#include "widgets/heatmap/heatmap_view.h"
#include "widgets/plots/analysis_plots.h"
#include "widgets/plots/plot_canvas.h"
#include "widgets/range_control/range_control.h"
#include "widgets/theme/theme.h"

using namespace quantoscope;

namespace {

const QString kBlue = QStringLiteral("#4a90ff");
const QString kOrange = QStringLiteral("#f0902a");
const QString kGrey = QStringLiteral("#8f98aa");

MetricDescription outputError() {
    return {"relative_output_error", "Output error (relative)", "", true, true, false, "mean of squares over mean of squares"};
}

HeatmapData errors(int blocks, int finished, double level) {
    HeatmapData data(blocks);
    for (int row = 0; row < HeatmapData::kRows; ++row)
        for (int block = 0; block < finished; ++block)
            data.set({block, row}, level * std::exp(1.1 * std::sin(block * 0.29 + row) + 0.04 * block) *
                                       (row == 6 && (block == 1 || block == blocks - 2) ? 6.0 : 1.0));
    return data;
}

HeatmapView* heatmap(const HeatmapData& data) {
    auto* view = new HeatmapView;
    view->setMetric(outputError());
    view->setData(data);
    return view;
}

Card* card(const QString& title, QWidget* body) {
    auto* result = new Card(title);
    result->setBody(body);
    return result;
}

WeightHistogram histogram() {
    WeightHistogram result{-0.32, 0.32, {}, {}, 1207, 31, {}};
    for (int i = 0; i < 128; ++i) {
        const double x = (i - 63.5) / 64.0;
        result.original_counts.push_back(static_cast<std::uint64_t>(4e6 * std::exp(-18 * x * x)) + (i % 17 == 0 ? 2 : 0));
        result.quantized_counts.push_back(i % 16 == 8 ? static_cast<std::uint64_t>(5e7 * std::exp(-16 * x * x)) : 0);
    }
    for (int i = 0; i < 8; ++i) result.grid_levels.push_back(static_cast<float>(-0.28 + 0.08 * i));
    return result;
}

PlotCanvas* plot(const PlotSpec& spec) {
    auto* canvas = new PlotCanvas;
    canvas->setSpec(spec);
    return canvas;
}

PlotSpec curves(const Tokens& tokens) {
    return layerCurveSpec({{"a", "AWQ w3 g128", runColour(kOrange, 3, tokens), errors(32, 32, 0.03)},
                           {"b", "GPTQ w3 g128", runColour(kBlue, 3, tokens), errors(32, 24, 0.02)},
                           {"c", "GPTQ w4 g128", runColour(kBlue, 4, tokens), errors(32, 32, 0.006)}},
                          outputError(), std::nullopt, ScaleKind::logarithmic);
}

PlotSpec scores(const Tokens& tokens) {
    return scoreChartSpec({{"GPTQ", runColour(kBlue, 4, tokens), {{"1", 8, 6.15}, {"2", 4, 6.68}, {"3", 3, 8.24}, {"4", 2, 211}}},
                           {"AWQ", runColour(kOrange, 4, tokens), {{"5", 8, 6.15}, {"6", 4, 6.54}, {"7", 3, 8.22}, {"8", 2, 1.7e6}}},
                           {"RTN", runColour(kGrey, 4, tokens), {{"9", 8, 6.16}, {"a", 4, 7.17}, {"b", 3, 27.9}, {"c", 2, 1930}}}},
                          6.14, "WikiText2 perplexity", ScaleKind::logarithmic, BitsAxis::nominal);
}

PlotSpec shares(const Tokens& tokens) {
    std::vector<ChannelShareCurve> curves;
    for (const auto& [name, power, hue] : {std::tuple{"magnitude", 0.2, kGrey}, {"|w|·‖x‖", 0.9, kOrange}, {"diag H⁻¹", 0.6, kBlue}}) {
        std::vector<float> share;
        for (int i = 1; i <= 4096; ++i) share.push_back(static_cast<float>(std::pow(i, -power)));
        curves.push_back({name, name, runColour(hue, 4, tokens), share});
    }
    return channelShareSpec(curves);
}

SalienceSummary salience() {
    SalienceSummary summary{-9.2, -1.1, {}, {}};
    for (int i = 0; i < 80; ++i) summary.log_score_counts.push_back(static_cast<std::uint64_t>(9e5 * std::exp(-std::pow((i - 50) / 12.0, 2))));
    return summary;
}

}  // namespace

class GalleryTest : public QObject {
    Q_OBJECT
   private:
    void show(QWidget* widget, const QString& name, QSize size) {
        const std::unique_ptr<QWidget> owner(new QWidget);
        auto* layout = new QVBoxLayout(owner.get());
        layout->addWidget(widget);
        owner->resize(size);
        owner->show();
        QVERIFY(QTest::qWaitForWindowExposed(owner.get()));
        QTest::qWait(30);
        const QString folder = qEnvironmentVariable("QUANTOSCOPE_GALLERY");
        const QPixmap picture = owner->grab();
        QVERIFY(!picture.isNull());
        if (!folder.isEmpty())
            QVERIFY(picture.save(QDir(folder).filePath(name + (tokens().dark ? "-dark.png" : "-light.png"))));
    }
    static const Tokens& tokens() { return tokensOf(QApplication::palette()); }

   private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void views_data() {
        QTest::addColumn<bool>("dark");
        QTest::newRow("dark") << true;
        QTest::newRow("light") << false;
    }
    void views() {
        QFETCH(bool, dark);
        applyTheme(*qobject_cast<QApplication*>(QCoreApplication::instance()), dark ? darkTokens() : lightTokens());
        auto* map = card("GPTQ w3 g128", heatmap(errors(32, 24, 0.02)));
        map->setTopEdge(runColour(kBlue, 3, tokens()));
        map->setNote("running · block 24 of 32");
        map->findChild<HeatmapView*>()->setSelected(HeatmapCell{20, 6});
        show(map, "heatmap", {560, 260});
        show(card("80 blocks", heatmap(errors(80, 80, 0.02))), "heatmap-80", {520, 240});
        show(card("4 blocks", heatmap(errors(4, 3, 0.02))), "heatmap-4", {560, 240});
        auto* difference_view = heatmap(difference(errors(32, 32, 0.02), errors(32, 32, 0.019)));
        difference_view->setColourMap(ColourMap::diverging);
        show(card("Difference", difference_view), "heatmap-difference", {560, 240});
        auto* range = new RangeControl;
        range->setValues(errors(32, 32, 0.02).present(), ScaleKind::logarithmic);
        show(range, "range", {460, 60});
        show(card("Along the blocks", plot(curves(tokens()))), "curves", {600, 280});
        auto* weights = card("Weights over their grid", plot(weightHistogramSpec(histogram(), "layers.30.mlp.down_proj", runColour(kOrange, 3, tokens()), HistogramContent::original_and_quantized)));
        weights->setDetail("row 1207, group 31");
        show(weights, "histogram", {560, 340});
        show(card("Salience", plot(salienceSpec(salience(), {"m", "Activation-weighted", ""}, {}))), "salience", {420, 260});
        show(card("Salient channels", plot(shares(tokens()))), "shares", {420, 260});
        show(card("WikiText2 perplexity against bits", plot(scores(tokens()))), "scores", {900, 360});
        show(card("Nothing", plot({})), "plot-empty", {400, 200});
        show(new EmptyState("No model open", "Drop a model folder or a .gguf file anywhere in this window, or choose one.", "Open a model…"), "empty", {560, 300});
        auto* banner = new ErrorBanner;
        show(banner, "banner", {700, 110});
    }
};
QTEST_MAIN(GalleryTest)
#include "gallery_test.moc"
