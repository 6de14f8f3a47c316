// If this fails, a view crashes while drawing. With QUANTOSCOPE_GALLERY=<folder> every view is also written there as
// PNG, dark and light, for people to look at. The numbers are made by formulas and appear nowhere else.
#include <QApplication>
#include <QDir>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QTableView>
#include <QTest>
#include <QTreeView>
#include <QVBoxLayout>
#include <cmath>

#include "tests/widgets/sample_model.h"
#include "tests/widgets/sample_pipeline.h"
#include "tests/widgets/warnings.h"
#include "widgets/card/card.h"
#include "widgets/empty_state/empty_state.h"
#include "widgets/error_banner/error_banner.h"
#include "widgets/heatmap/heatmap_view.h"
#include "widgets/locate/locate_popup.h"
#include "widgets/model_tree/model_overview.h"
#include "widgets/model_tree/model_tree_model.h"
#include "widgets/option_form/option_form.h"
#include "widgets/pipeline_editor/pipeline_editor.h"
#include "widgets/plots/analysis_plots.h"
#include "widgets/plots/plot_canvas.h"
#include "widgets/range_control/range_control.h"
#include "widgets/score_table/score_table.h"
#include "widgets/theme/theme.h"
#include "widgets/tile_map/tile_map_view.h"

using namespace quantoscope;

namespace {

const QString kBlue = QStringLiteral("#4a90ff");
const QString kOrange = QStringLiteral("#f0902a");
const QString kGrey = QStringLiteral("#8f98aa");

MetricDescription outputError() {
    return {"relative_output_error",
            "Output error (relative)",
            "",
            true,
            true,
            false,
            "mean of squares over mean of squares"};
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
        result.original_counts.push_back(static_cast<std::uint64_t>(4e6 * std::exp(-18 * x * x)) +
                                         (i % 17 == 0 ? 2 : 0));
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
    return scoreChartSpec(
        {{"GPTQ", runColour(kBlue, 4, tokens), {{"1", 8, 6.15}, {"2", 4, 6.68}, {"3", 3, 8.24}, {"4", 2, 211}}},
         {"AWQ", runColour(kOrange, 4, tokens), {{"5", 8, 6.15}, {"6", 4, 6.54}, {"7", 3, 8.22}, {"8", 2, 1.7e6}}},
         {"RTN", runColour(kGrey, 4, tokens), {{"9", 8, 6.16}, {"a", 4, 7.17}, {"b", 3, 27.9}, {"c", 2, 1930}}}},
        6.14, "WikiText2 perplexity", ScaleKind::logarithmic, BitsAxis::nominal);
}

PlotSpec shares(const Tokens& tokens) {
    std::vector<ChannelShareCurve> curves;
    for (const auto& [name, power, hue] :
         {std::tuple{"magnitude", 0.2, kGrey}, {"|w|·‖x‖", 0.9, kOrange}, {"diag H⁻¹", 0.6, kBlue}}) {
        std::vector<float> share;
        for (int i = 1; i <= 4096; ++i) share.push_back(static_cast<float>(std::pow(i, -power)));
        curves.push_back({name, name, runColour(hue, 4, tokens), share});
    }
    return channelShareSpec(curves);
}

SalienceSummary salience() {
    SalienceSummary summary{-9.2, -1.1, {}, {}};
    for (int i = 0; i < 80; ++i)
        summary.log_score_counts.push_back(static_cast<std::uint64_t>(9e5 * std::exp(-std::pow((i - 50) / 12.0, 2))));
    return summary;
}

std::shared_ptr<const TilePyramid> pyramid(int rows, int columns) {
    auto result = std::make_shared<TilePyramid>();
    for (int side = 16; rows / side >= 8; side *= 2) {
        TileLevel level;
        level.tile_rows = level.tile_columns = side;
        level.rows = rows / side;
        level.columns = columns / side;
        for (int r = 0; r < level.rows; ++r)
            for (int c = 0; c < level.columns; ++c) {
                const double noise = std::fmod(std::sin(r * 12.9898 + c * 78.233) * 43758.5453, 1.0);
                const double column = std::pow(std::abs(std::sin(c * 1.7 * 16 / side)), 9);
                level.mean_absolute.push_back(static_cast<float>(0.002 + 0.001 * std::abs(noise) + 0.006 * column));
                level.max_absolute.push_back(static_cast<float>(0.01 + 0.01 * std::abs(noise) + 0.02 * column));
                level.signed_mean.push_back(static_cast<float>(0.002 * noise));
            }
        result->levels.push_back(level);
    }
    return result;
}

TileMapView* tileMap(TileStatistic statistic) {
    auto* view = new TileMapView;
    view->setPyramid(pyramid(2048, 4096), 2048, 4096);
    view->setStatistic(statistic);
    std::vector<float> share;
    for (int i = 0; i < 4096; ++i)
        share.push_back(static_cast<float>(std::exp(3 * std::sin(i * 0.11) + std::sin(i * 1.3)) * 1e-4));
    view->setChannelStrip(ChannelStrip{"salience share", share});
    return view;
}

ScoreTable* scoreTable() {
    auto* table = new ScoreTable;
    std::vector<ScoreRow> rows{
        {"fp", "Full precision", QColor("#98a1b2"), 16.0, 16100000000ULL, std::nullopt, {{"w", 6.14}, {"c", 9.2}}}};
    const Tokens& t = tokensOf(QApplication::palette());
    rows.push_back(
        {"a4", "AWQ w4 g128", runColour(kOrange, 4, t), 4.25, 5700000000ULL, 52.0, {{"w", 6.54}, {"c", 9.4}}});
    rows.push_back(
        {"g4", "GPTQ w4 g128", runColour(kBlue, 4, t), 4.25, 5700000000ULL, 100.0, {{"w", 6.68}, {"c", 9.41}}});
    rows.push_back({"g3", "GPTQ w3 g128", runColour(kBlue, 3, t), 3.25, 4700000000ULL, 101.0, {{"w", 8.24}}});
    rows.push_back(
        {"a2", "AWQ w2 g128", runColour(kOrange, 2, t), 2.25, 3700000000ULL, 51.0, {{"w", 1.7e6}, {"c", 2e6}}});
    table->setContents({{"w", "WikiText2", "PPL", true, "Perplexity"}, {"c", "C4", "PPL", true, "Perplexity"}}, rows);
    table->setPinned("a4");
    table->selectRow("g4");
    return table;
}

OptionForm* optionForm() {
    auto* form = new OptionForm;
    form->setOptions(sampleOptions(), {{"desc_act", OptionValue(true)}}, {"bits"});
    auto* edit = form->findChild<QLineEdit*>("value_damping");
    edit->clear();
    QTest::keyClicks(edit, "7");
    return form;
}

QWidget* modelPages() {
    auto* page = new QWidget;
    auto* layout = new QHBoxLayout(page);
    auto* tree = new QTreeView;
    auto* model = new ModelTreeModel(tree);
    model->addModel(std::make_shared<SampleModel>(8), "Llama-3-8B");
    tree->setModel(model);
    tree->header()->setStretchLastSection(false);
    tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    tree->setMinimumWidth(250);
    tree->expand(model->index(0, 0));
    tree->expand(model->indexOf(0, 0, std::nullopt).parent());
    tree->expand(model->indexOf(0, 0, std::nullopt));
    tree->setCurrentIndex(model->indexOf(0, 0, LinearRole::down_proj));
    auto* table = new QTableView;
    auto* tensors = new TensorTableModel(table);
    tensors->setModel(std::make_shared<SampleModel>(8));
    table->setModel(tensors);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->verticalHeader()->hide();
    layout->addWidget(tree, 1);
    layout->addWidget(table, 3);
    return page;
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
        pictures_.push_back(picture);
        if (!folder.isEmpty())
            QVERIFY(picture.save(QDir(folder).filePath(name + (tokens().dark ? "-dark.png" : "-light.png"))));
    }
    // All pictures on one sheet, in rows.
    void saveSheet() {
        const QString folder = qEnvironmentVariable("QUANTOSCOPE_GALLERY");
        if (folder.isEmpty()) return;
        QPixmap sheet(1560, 3600);
        sheet.fill(tokens().window);
        QPainter painter(&sheet);
        QPoint at;
        int row_height = 0;
        for (const QPixmap& picture : pictures_) {
            if (at.x() + picture.width() > sheet.width()) at = QPoint(0, at.y() + std::exchange(row_height, 0));
            painter.drawPixmap(at, picture);
            at.rx() += picture.width();
            row_height = std::max(row_height, picture.height());
        }
        painter.end();
        sheet = sheet.copy(0, 0, sheet.width(), at.y() + row_height);
        QVERIFY(sheet.save(QDir(folder).filePath(tokens().dark ? "sheet-dark.png" : "sheet-light.png")));
        pictures_.clear();
    }
    std::vector<QPixmap> pictures_;
    static const Tokens& tokens() { return tokensOf(QApplication::palette()); }

private slots:
    void init() { failOnQtWarnings(); }
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
        auto* weights =
            card("Weights over their grid",
                 plot(weightHistogramSpec(histogram(), "layers.30.mlp.down_proj", runColour(kOrange, 3, tokens()),
                                          HistogramContent::original_and_quantized)));
        weights->setDetail("row 1207, group 31");
        show(weights, "histogram", {560, 340});
        show(card("Salience", plot(salienceSpec(salience(), {"m", "Activation-weighted", ""}, {}))), "salience",
             {420, 260});
        show(card("Salient channels", plot(shares(tokens()))), "shares", {420, 260});
        show(card("WikiText2 perplexity against bits", plot(scores(tokens()))), "scores", {900, 360});
        show(card("Nothing", plot({})), "plot-empty", {400, 200});
        show(new EmptyState("No model open",
                            "Drop a model folder or a .gguf file anywhere in this window, or choose one.",
                            "Open a model…"),
             "empty", {560, 300});
        auto* banner = new ErrorBanner;
        banner->showError(
            {"The file model-00002-of-00004.safetensors is shorter than its header says; download it again.",
             "offset 512 > size 498", "/models/llama", ErrorKind::failed},
            "Choose another…");
        show(banner, "banner", {700, 110});
        show(card("|W − Ŵ|", tileMap(TileStatistic::maximum)), "tiles", {560, 380});
        auto* signed_tiles = tileMap(TileStatistic::signed_mean);
        show(card("signed", signed_tiles), "tiles-signed", {480, 380});
        show(card("Options", optionForm()), "options", {320, 480});
        auto* overview = new ModelOverview;
        overview->setModel(std::make_shared<SampleModel>(32));
        overview->setSelected(5, LinearRole::down_proj);
        show(card("Llama-3-8B", overview), "overview", {760, 320});
        show(modelPages(), "model", {900, 400});
        auto* editor = new PipelineEditor;
        PipelineDraft draft = sampleDraft();
        draft.disabled.push_back({ChipKind::bits, 0});
        draft.recipe.bits.push_back(9);
        editor->setCatalogue(sampleCatalogue());
        editor->setDraft(draft);
        editor->selectChip(ChipRef{ChipKind::method, 0});
        editor->setEstimate("≈ 14 min · 5.6 GB memory · 3.1 GB disk");
        show(editor, "pipeline", {1000, 360});
        show(card("Scores", scoreTable()), "score-table", {860, 280});
        QWidget host;
        auto* popup = new LocatePopup(&host);
        popup->setItems({{"1", "layers.12.mlp.down_proj", "Layer", "", "l12.down"},
                         {"2", "Download a model…", "Action", "Ctrl+D", ""},
                         {"3", "GPTQ w4 g128", "Run", "", ""}});
        popup->resize(560, 200);
        popup->findChild<QLineEdit*>("locateEdit")->setText("down");
        popup->setParent(nullptr);
        show(popup, "locate", {600, 200});
        saveSheet();
    }
};
QTEST_MAIN(GalleryTest)
#include "gallery_test.moc"
