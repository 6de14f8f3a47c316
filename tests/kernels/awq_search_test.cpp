// If this fails, AWQ clips weights at other limits than the original program chooses.
#include "kernels/awq_search/awq_search.h"

#include <QTest>
#include <cmath>
#include <map>
#include <vector>

#include "kernels/gram/gram.h"

using namespace quantoscope::kernels;

namespace {

float number(std::int64_t i, std::int64_t j, std::int64_t a, double factor = 1.0) {
    return static_cast<float>((static_cast<double>((7919 * i + 104729 * j + 1299709 * a) % 2003) / 2003.0 - 0.5) *
                              factor);
}
constexpr double kFactors[] = {8, 1, 1, 1, 0.25, 1, 1, 4, 1, 1, 0.5, 1, 1, 2, 1, 1};
constexpr float kBestScale[] = {2.597287F,  0.8239167F, 0.8257774F, 0.8285139F, 0.3850170F, 0.8240730F,
                                0.8278992F, 1.773958F,  0.8239052F, 0.8258163F, 0.5659001F, 0.8252693F,
                                0.8240792F, 1.212164F,  0.8275549F, 0.8238865F};

std::vector<float> inputs() {
    std::vector<float> x;
    for (std::int64_t t = 0; t < 1024; ++t)
        for (std::int64_t j = 0; j < 16; ++j) x.push_back(number(t, j, 5, kFactors[j]));
    return x;
}
std::vector<float> weights() {
    std::vector<float> w;
    for (std::int64_t i = 0; i < 64; ++i)
        for (std::int64_t j = 0; j < 16; ++j) w.push_back(number(i, j, 4));
    return w;
}
GridOptions threeBits() {
    GridOptions grid;
    grid.bits = 3;
    grid.range = GridRange::as_is;
    return grid;
}

}  // namespace

class AwqSearchTest : public QObject {
    Q_OBJECT
private slots:
    void knownLossOfTheScaleSearch_data() {
        QTest::addColumn<bool>("scaled");
        QTest::addColumn<double>("loss");
        QTest::newRow("ratio 0") << false << 0.0241517;
        QTest::newRow("ratio 0.55") << true << 0.00400739;
    }
    void knownLossOfTheScaleSearch() {
        QFETCH(bool, scaled);
        QFETCH(double, loss);
        const auto x = inputs();
        const auto w = weights();
        std::vector<float> scale(16, 1.0F);
        if (scaled) scale.assign(kBestScale, kBestScale + 16);
        std::vector<float> error(w.size());
        QVERIFY(scaledRoundingError(w.data(), {64, 16, 8, 16}, threeBits(), scale.data(), error.data()) ==
                KernelStatus::ok);
        std::vector<float> gram(256, 0.0F);
        gramReference(x.data(), 1024, 16, gram.data());
        gramMirror(gram.data(), 16);
        std::vector<float> product(w.size(), 0.0F);
        for (std::size_t i = 0; i < 64; ++i)
            for (std::size_t j = 0; j < 16; ++j)
                for (std::size_t k = 0; k < 16; ++k) product[i * 16 + j] += error[i * 16 + k] * gram[k * 16 + j];
        const double mean = sumOfProducts(error.data(), product.data(), 64, 16) / (64.0 * 1024.0);
        QVERIFY2(std::fabs(mean / loss - 1.0) < 1e-4, qPrintable(QString::number(mean, 'g', 8)));
    }
    void weightsAreClampedToTheLimitOfTheirGroup() {
        constexpr std::int64_t kColumns = 11;  // groups of 4, 4 and 3, rows 13 apart
        const GroupedMatrix shape{3, kColumns, 4, 13};
        std::vector<float> w(3 * 13);
        for (std::size_t i = 0; i < w.size(); ++i) w[i] = number(static_cast<std::int64_t>(i), 1, 2, 4.0);
        const std::vector<float> limits{0.5F, 0.25F, 1.0F, 0.0F, 2.0F, 0.125F, 0.75F, 0.5F, 8.0F};
        auto clamped = w;
        clampToLimits(clamped.data(), shape, limits.data());
        for (std::size_t i = 0; i < w.size(); ++i) {
            const bool gap = i % 13 >= kColumns;
            const float limit = gap ? INFINITY : limits[i / 13 * 3 + i % 13 / 4];
            QCOMPARE(clamped[i], std::fmin(std::fmax(w[i], -limit), limit));
        }
    }
    void knownClipLimits() {
        auto x = inputs();
        auto w = weights();
        for (std::size_t i = 0; i < w.size(); ++i) w[i] *= kBestScale[i % 16];
        std::vector<float> grams(128, 0.0F);
        for (std::size_t g = 0; g < 2; ++g) {
            std::vector<float> part;
            for (std::size_t t = 0; t < 1024; t += 2)
                for (std::size_t j = 0; j < 8; ++j) part.push_back(x[t * 16 + g * 8 + j] / kBestScale[g * 8 + j]);
            gramReference(part.data(), 512, 8, grams.data() + g * 64);
            gramMirror(grams.data() + g * 64, 8);
        }
        const GroupedMatrix shape{64, 16, 8, 16};
        std::vector<float> limits(128);
        QVERIFY(findClipLimits(w.data(), shape, threeBits(), {}, grams.data(), limits.data()) == KernelStatus::ok);
        std::vector<float> expected(128);
        findClipLimitsReference(w.data(), shape, threeBits(), {}, grams.data(), expected.data());
        QVERIFY(limits == expected);
        std::map<int, int> histogram;
        for (std::size_t i = 0; i < 128; ++i) {
            float largest = 0.0F;
            for (std::size_t j = 0; j < 8; ++j)
                largest = std::max(largest, std::fabs(w[(i / 2) * 16 + (i % 2) * 8 + j]));
            ++histogram[static_cast<int>(std::lround(limits[i] / largest * 100.0F))];
        }
        const std::map<int, int> known{{100, 53}, {95, 32}, {90, 25}, {85, 10}, {80, 6}, {75, 2}};
        // The published scales have seven digits: a near tie between two limits may fall either way, in one group of
        // 128.
        int moved = 0;
        for (const auto& [percent, count] : known) moved += std::abs(histogram[percent] - count);
        QVERIFY2(moved <= 2, qPrintable(QString::number(moved)));
    }
};
QTEST_APPLESS_MAIN(AwqSearchTest)
#include "awq_search_test.moc"
