// If this fails, zooming shows the wrong weights, or a late answer for another linear is drawn over this one.
#include <QSignalSpy>
#include <QTest>

#include "tests/widgets/warnings.h"
#include "widgets/tile_map/tile_map_view.h"

using namespace quantoscope;

namespace {
std::shared_ptr<const TilePyramid> pyramid() {
    auto result = std::make_shared<TilePyramid>();
    for (const int side : {16, 32, 64}) {
        TileLevel level;
        level.tile_rows = level.tile_columns = side;
        level.rows = level.columns = 256 / side;
        const auto count = static_cast<std::size_t>(level.rows * level.columns);
        for (std::size_t i = 0; i < count; ++i) {
            level.mean_absolute.push_back(static_cast<float>(i));
            level.max_absolute.push_back(static_cast<float>(2 * i));
            level.signed_mean.push_back(i % 2 == 0 ? 1.0F : -3.0F);
        }
        result->levels.push_back(level);
    }
    return result;
}
}  // namespace

class TileMapTest : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnQtWarnings(); }
    void theLevelFollowsTheZoom() {
        const auto tiles = pyramid();
        QCOMPARE(levelForZoom(*tiles, 100.0), 2);
        QCOMPARE(levelForZoom(*tiles, 40.0), 1);
        QCOMPARE(levelForZoom(*tiles, 4.0), 0);
        QCOMPARE(levelForZoom(*tiles, 1.0), -1);
        QCOMPARE(levelForZoom({}, 4.0), -1);
    }
    void theViewportStaysInTheMatrix() {
        QCOMPARE(clippedViewport({-50, -50, 100, 100}, 256, 256), QRectF(0, 0, 100, 100));
        QCOMPARE(clippedViewport({0, 0, 1000, 1000}, 256, 128), QRectF(0, 0, 128, 256));
        QCOMPARE(clippedViewport({10, 10, 0.5, 0.5}, 256, 256).width(), 4.0);
        QCOMPARE(clippedViewport({0, 0, 10, 10}, 2, 3), QRectF(0, 0, 3, 2));
    }
    void cropsCoverTheViewportAndNoMore() {
        QCOMPARE(cropFor({10.5, 20.5, 30, 40}, 256, 256, 1024), (CropRequest{20, 10, 41, 31}));
        QCOMPARE(cropFor({250, 250, 30, 40}, 256, 256, 1024), (CropRequest{250, 250, 6, 6}));
        QCOMPARE(cropFor({0, 0, 256, 256}, 256, 256, 100), (CropRequest{0, 0, 100, 100}));
    }
    void theStripShowsTheLargestChannelOfAPixel() {
        QCOMPARE(stripValues({1, 9, 2, 3}, 0, 4, 2), (std::vector<float>{9, 3}));
        QCOMPARE(stripValues({1, 9, 2, 3}, 0, 4, 8).size(), std::size_t{8});
        QVERIFY(stripValues({}, 0, 4, 0).empty());
    }
    void badTilesMakeNoPicture() {
        QVERIFY(colourTiles({1.0F}, 2, 2, {}, ScaleKind::linear, ColourMap::viridis, darkTokens()).isNull());
    }
    void signedValuesSpanASymmetricRange() {
        TileMapView view;
        view.setPyramid(pyramid(), 256, 256);
        view.setStatistic(TileStatistic::signed_mean);
        QCOMPARE(view.effectiveRange(), (ValueRange{-3.0, 3.0}));
    }
    void deepZoomAsksForWeightsAndDropsLateAnswers() {
        TileMapView view;
        view.resize(400, 400);
        std::vector<std::pair<CropRequest, std::function<void(Matrix)>>> asked;
        view.setCropSource([&](const CropRequest& request, auto deliver) { asked.emplace_back(request, deliver); });
        view.setPyramid(pyramid(), 256, 256);
        view.show();
        const auto before = asked.size();
        view.setViewport({0, 0, 64, 64});
        QVERIFY(asked.size() > before);
        QCOMPARE(asked.back().first, (CropRequest{0, 0, 64, 64}));
        asked.front().second(Matrix(1, 1));  // the wrong size: ignored
        asked.back().second(Matrix(64, 64));
        QCoreApplication::processEvents();
        QVERIFY(!view.grab().isNull());
    }
    /// Otherwise single weights blink out whenever a live run goes on.
    void theSameLinearAgainKeepsItsWeights() {
        TileMapView view;
        view.resize(400, 400);
        int asked = 0;
        view.setCropSource([&](const CropRequest& request, auto deliver) {
            ++asked;
            deliver(Matrix(request.rows, request.columns));
        });
        const auto tiles = pyramid();
        view.setPyramid(tiles, 256, 256);
        view.setViewport({0, 0, 64, 64});
        QVERIFY(!view.grab().isNull());  // the first one has its size and its palette to learn
        QCoreApplication::processEvents();
        QVERIFY(!view.grab().isNull());
        const int before = asked;
        const auto kept = view.keptBytes();
        view.setPyramid(tiles, 256, 256);
        view.setStatistic(TileStatistic::mean);
        QCOMPARE(asked, before);
        QCOMPARE(view.keptBytes(), kept);
        view.setPyramid(pyramid(), 256, 256);
        QVERIFY(asked > before);
    }
    void answersAfterTheViewIsGoneDoNothing() {
        std::function<void(Matrix)> deliver;
        {
            TileMapView view;
            view.resize(400, 400);
            view.setCropSource([&](const CropRequest&, auto answer) { deliver = answer; });
            view.setPyramid(pyramid(), 256, 256);
            view.setViewport({0, 0, 8, 8});
        }
        QVERIFY(deliver != nullptr);
        deliver(Matrix(8, 8));
        QCoreApplication::processEvents();
    }
    void keysZoomAndPan() {
        TileMapView view;
        view.resize(400, 400);
        view.setPyramid(pyramid(), 256, 256);
        view.show();
        QSignalSpy moved(&view, &TileMapView::viewportChanged);
        QTest::keyClick(&view, Qt::Key_Plus);
        QVERIFY(view.viewport().width() < 256.0);
        const double left = view.viewport().left();
        QTest::keyClick(&view, Qt::Key_Right);
        QVERIFY(view.viewport().left() > left);
        QTest::keyClick(&view, Qt::Key_0);
        QCOMPARE(view.viewport(), QRectF(0, 0, 256, 256));
        QCOMPARE(moved.count(), 3);
    }
    void aClickNamesRowAndColumn() {
        TileMapView view;
        view.resize(400, 420);
        view.setPyramid(pyramid(), 256, 256);
        view.show();
        QSignalSpy clicked(&view, &TileMapView::positionClicked);
        QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(200, 200));
        QCOMPARE(clicked.count(), 1);
        QCOMPARE(clicked[0][1].toLongLong(), 128);
        QVERIFY(view.csvText().startsWith("first row,first column,mean magnitude\n0,0,0\n"));
    }
};
QTEST_MAIN(TileMapTest)
#include "tile_map_test.moc"
