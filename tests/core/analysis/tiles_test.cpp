// If this fails, the tile map of a linear shows errors where there are none, or hides them at an edge.
#include <QTest>
#include <cmath>

#include "core/analysis/analyse_linear.h"

using namespace quantoscope;

class TilesTest : public QObject {
    Q_OBJECT
private slots:
    void aTileIsMeanLargestAndSignedMean() {
        Matrix matrix(17, 18);  // tiles: 16 x 16, 16 x 2, 1 x 16, 1 x 2
        for (auto& value : matrix.values) value = -1.0F;
        matrix.at(0, 0) = 3.0F;
        matrix.at(16, 17) = 5.0F;
        const TilePyramid pyramid = tilePyramid(matrix);
        QCOMPARE(pyramid.levels.size(), std::size_t{1});
        const TileLevel& level = pyramid.levels.front();
        QCOMPARE(level.rows, 2);
        QCOMPARE(level.columns, 2);
        QCOMPARE(level.max_absolute, (std::vector<float>{3.0F, 1.0F, 1.0F, 5.0F}));
        QCOMPARE(level.mean_absolute[0], 258.0F / 256.0F);
        QCOMPARE(level.signed_mean[0], -252.0F / 256.0F);
        QCOMPARE(level.mean_absolute[3], 3.0F);
        QCOMPARE(level.signed_mean[3], 2.0F);
    }
    void levelsHalveUntilTheMapIsSmallAndMeansWeighEdgesByTheirWeights() {
        Matrix matrix(16 * 65 + 1, 16);  // 66 tiles down, 1 across: 66 -> 33 -> 17
        for (std::int64_t i = 0; i < matrix.rows; ++i)
            for (auto& value : matrix.row(i)) value = static_cast<float>(i);
        const TilePyramid pyramid = tilePyramid(matrix);
        QCOMPARE(pyramid.levels.size(), std::size_t{3});
        QCOMPARE(pyramid.levels[1].rows, 33);
        QCOMPARE(pyramid.levels[2].rows, 17);
        QCOMPARE(pyramid.levels[2].tile_rows, 64);
        // Last tile of level 1: tile 64 (rows 1024..1039) and the single row 1040.
        const double expected = (16 * 1031.5 + 1040.0) / 17.0;
        QVERIFY(std::fabs(static_cast<double>(pyramid.levels[1].mean_absolute[32]) - expected) < 1e-3);
        QCOMPARE(pyramid.levels[2].max_absolute[16], 1040.0F);
    }
    void anEmptyMatrixHasNoMap() { QVERIFY(tilePyramid(Matrix()).levels.empty()); }
    void cropsAreClipped() {
        Matrix matrix(3, 4);
        for (std::size_t i = 0; i < matrix.values.size(); ++i) matrix.values[i] = static_cast<float>(i);
        const Matrix part = cropMatrix(matrix, 1, 2, 10, 10);
        QCOMPARE(part.rows, 2);
        QCOMPARE(part.values, (std::vector<float>{6, 7, 10, 11}));
        QCOMPARE(cropMatrix(matrix, 5, 0, 1, 1).rows, 0);
        QCOMPARE(cropMatrix(matrix, -2, -1, 3, 2).values, std::vector<float>{0.0F});
        QCOMPARE(cropMatrix(matrix, 0, 0, -1, 2).rows, 0);
    }
};
QTEST_APPLESS_MAIN(TilesTest)
#include "tiles_test.moc"
