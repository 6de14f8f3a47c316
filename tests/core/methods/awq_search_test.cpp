// If this fails, AWQ's search settles on other channel scales than measuring every candidate on all calibration data
// would.
#include "core/methods/awq_search.h"

#include <QTest>
#include <cmath>
#include <numeric>

using namespace quantoscope;

namespace {

/// A module whose losses are known: piece p weighs weight(p), candidate k loses base(k) more or less by chance.
class KnownModule final : public AwqModule {
public:
    KnownModule(std::vector<double> losses, std::int64_t pieces, std::int64_t slabs, double scatter)
        : losses_(std::move(losses)), pieces_(pieces), slabs_(slabs), scatter_(scatter) {}

    std::int64_t pieceCount() const override { return pieces_ * slabs_; }
    std::int64_t slabCount() const override { return slabs_; }
    PieceRange slabPieces(std::int64_t slab) const override { return {slab * pieces_, (slab + 1) * pieces_}; }
    Status enterSlab(std::int64_t) override { return {}; }
    Result<std::vector<double>> weights() override {
        std::vector<double> weights;
        for (std::int64_t p = 0; p < pieces_; ++p) weights.push_back(weight(p));
        return weights;
    }
    Status setScale(std::size_t candidate, std::span<const float>) override {
        candidate_ = candidate;
        return {};
    }
    Status losses(std::span<const std::int64_t> pieces, std::span<double> losses) override {
        for (std::size_t i = 0; i < pieces.size(); ++i) losses[i] = loss(candidate_, pieces[i]);
        visited_ += static_cast<std::int64_t>(pieces.size());
        return {};
    }

    double whole(std::size_t candidate) const {
        double sum = 0.0;
        for (std::int64_t p = 0; p < pieceCount(); ++p) sum += loss(candidate, p);
        return sum;
    }
    std::int64_t visited() const { return visited_; }

private:
    static double weight(std::int64_t piece) { return piece % 29 == 3 ? 40.0 : 1.0 + static_cast<double>(piece % 5); }
    double loss(std::size_t candidate, std::int64_t piece) const {
        const double chance = std::sin(static_cast<double>(piece * 37 + 1) * (static_cast<double>(candidate) + 0.5));
        return weight(piece) * losses_[candidate] * (1.0 + scatter_ * chance);
    }

    std::vector<double> losses_;
    std::int64_t pieces_;
    std::int64_t slabs_;
    double scatter_;
    std::size_t candidate_ = 0;
    std::int64_t visited_ = 0;
};

const std::vector<float> kInputs{0.5F, 1.0F, 4.0F};

std::vector<double> valley(std::int64_t count, double lowest) {
    std::vector<double> losses;
    for (std::int64_t k = 0; k < count; ++k)
        losses.push_back(1.0 + 0.01 * std::pow(static_cast<double>(k) - lowest, 2.0));
    return losses;
}

}  // namespace

class AwqSearchTest : public QObject {
    Q_OBJECT
private slots:
    void picksWhatMeasuringEverythingPicks_data() {
        QTest::addColumn<double>("lowest");
        QTest::addColumn<qint64>("slabs");
        QTest::addColumn<double>("scatter");
        QTest::newRow("clear") << 7.0 << qint64(1) << 0.0;
        QTest::newRow("at the lower end") << 0.0 << qint64(1) << 0.02;
        QTest::newRow("at the upper end") << 19.0 << qint64(1) << 0.02;
        QTest::newRow("noisy") << 11.3 << qint64(1) << 0.2;
        QTest::newRow("noisy, in slabs") << 4.6 << qint64(3) << 0.2;
    }
    void picksWhatMeasuringEverythingPicks() {
        QFETCH(double, lowest);
        QFETCH(qint64, slabs);
        QFETCH(double, scatter);
        constexpr std::int64_t kRatios = 20;
        KnownModule module(valley(kRatios, lowest), 128, slabs, scatter);
        std::size_t best = 0;
        for (std::size_t k = 1; k < kRatios; ++k)
            if (module.whole(k) < module.whole(best)) best = k;
        JobContext job;
        const auto scale = searchScale(module, kInputs, kRatios, job);
        QVERIFY(scale);
        QCOMPARE(*scale, candidateScale(kInputs, static_cast<double>(best) / kRatios));
        QVERIFY2(module.visited() < kRatios * module.pieceCount(), "every candidate was measured on everything");
    }
    void theFirstOfEqualCandidatesWins() {
        KnownModule module(std::vector<double>(6, 1.0), 32, 1, 0.0);
        JobContext job;
        const auto scale = searchScale(module, kInputs, 6, job);
        QVERIFY(scale);
        QCOMPARE(*scale, std::vector<float>(3, 1.0F));
    }
    void scalesAreCentred() {
        const auto scale = candidateScale(kInputs, 0.5);
        QVERIFY(std::fabs(scale[0] * scale[2] - 1.0F) < 1e-6F);
        QVERIFY(scale[0] < scale[1] && scale[1] < scale[2]);
    }
};

QTEST_APPLESS_MAIN(AwqSearchTest)
#include "awq_search_test.moc"
