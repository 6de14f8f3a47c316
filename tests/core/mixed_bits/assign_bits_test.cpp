// If this fails, mixed bits are not the best ones for their size: a better model of the same size is kept from the
// user, or one is larger than was asked.
#include "core/mixed_bits/assign_bits.h"

#include <QElapsedTimer>
#include <QtTest>
#include <cmath>
#include <random>

using namespace quantoscope;

namespace {

/// Every assignment in turn: the definition of the task.
std::optional<BitAssignment> reference(const std::vector<LinearChoices>& linears, std::int64_t budget_bits) {
    std::optional<BitAssignment> best;
    std::vector<std::size_t> choice(linears.size());
    for (;;) {
        BitAssignment tried{choice, 0, 0.0};
        for (std::size_t i = 0; i < linears.size(); ++i) {
            tried.size_bits += linears[i][choice[i]].size_bits;
            tried.loss += linears[i][choice[i]].loss;
        }
        if (tried.size_bits <= budget_bits && (!best || tried.loss < best->loss)) best = tried;
        std::size_t i = 0;
        while (i < linears.size() && ++choice[i] == linears[i].size()) choice[i++] = 0;
        if (i == linears.size()) return best;
    }
}

/// Random linears: some with uneven sizes, some with losses that do not fall, some alike.
std::vector<LinearChoices> randomLinears(std::mt19937& random, std::size_t count, bool even) {
    const auto draw = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
    std::vector<LinearChoices> linears;
    for (std::size_t i = 0; i < count; ++i) {
        LinearChoices choices;
        const int weights = even ? 12 * draw(1, 4) : draw(1, 97);
        double loss = draw(1, 1000);
        const int widths = draw(1, 4);
        for (int k = 0; k < widths; ++k) {
            choices.push_back({k + 2, std::int64_t{weights} * (k + 2) + (even ? 0 : draw(0, 5)), loss});
            loss *= draw(0, 9) == 0 ? 1.1 : 0.1 * draw(1, 9);
        }
        linears.push_back(std::move(choices));
    }
    return linears;
}

/// Like a model of `blocks` blocks: seven shapes, losses that fall by four to eight times a bit.
std::vector<LinearChoices> modelLike(std::size_t blocks) {
    std::mt19937 random(7);
    std::uniform_real_distribution<double> uniform(0.0, 1.0);
    std::vector<LinearChoices> linears;
    for (std::size_t block = 0; block < blocks; ++block)
        for (const std::int64_t weights :
             {16'777'216, 4'194'304, 4'194'304, 16'777'216, 58'720'256, 58'720'256, 58'720'256}) {
            LinearChoices choices;
            double loss = 0.05 * std::exp(2.0 * uniform(random));
            for (const std::int64_t bits : {2, 3, 4, 5, 6, 8}) {
                choices.push_back({bits, weights * bits + weights / 128 * (32 + bits), loss});
                loss /= 4.0 + 4.0 * uniform(random);
            }
            linears.push_back(std::move(choices));
        }
    return linears;
}

}  // namespace

class AssignBitsTest : public QObject {
    Q_OBJECT

private slots:
    void agreesWithTryingEverything() {
        std::mt19937 random(1);
        const JobContext job;
        for (int round = 0; round < 400; ++round) {
            const auto linears = randomLinears(random, 1 + random() % 7, round % 2 == 0);
            std::int64_t largest = 0;
            for (const auto& choices : linears) {
                std::int64_t most = 0;
                for (const auto& choice : choices) most = std::max(most, choice.size_bits);
                largest += most;
            }
            const auto budget = static_cast<std::int64_t>(random() % static_cast<unsigned>(largest + 20));
            const auto wanted = reference(linears, budget);
            const auto found = assignBits(linears, budget, job);
            QCOMPARE(found.has_value(), wanted.has_value());
            if (!wanted) continue;
            QVERIFY(found->size_bits <= budget);
            QVERIFY2(
                std::abs(found->loss - wanted->loss) <= 1e-9 * wanted->loss,
                qPrintable(QStringLiteral("round %1: %2 instead of %3").arg(round).arg(found->loss).arg(wanted->loss)));
            std::int64_t size = 0;
            double loss = 0.0;
            for (std::size_t i = 0; i < linears.size(); ++i) {
                size += linears[i][found->choice[i]].size_bits;
                loss += linears[i][found->choice[i]].loss;
            }
            QCOMPARE(size, found->size_bits);
            QCOMPARE(loss, found->loss);
        }
    }

    void cornersOfTheCurveAreAssignments() {
        std::mt19937 random(2);
        for (int round = 0; round < 60; ++round) {
            const auto linears = randomLinears(random, 5, false);
            const auto curve = lossCurve(linears);
            QVERIFY(curve.has_value());
            for (std::size_t i = 0; i < curve->size(); ++i) {
                const auto wanted = reference(linears, (*curve)[i].size_bits);
                QVERIFY(wanted && std::abs(wanted->loss - (*curve)[i].loss) < 1e-6);
                if (i > 0) QVERIFY((*curve)[i].size_bits > (*curve)[i - 1].size_bits);
            }
        }
    }

    void aLargeModelIsAssignedWhileTheSliderMoves() {
        const JobContext job;
        for (const std::size_t blocks : {32, 126}) {
            const auto linears = modelLike(blocks);
            const auto curve = lossCurve(linears);
            QVERIFY(curve.has_value());
            qint64 slowest_ms = 0;
            for (int part = 0; part <= 40; ++part) {
                const auto range = curve->back().size_bits - curve->front().size_bits;
                const auto budget = curve->front().size_bits + range * part / 40 + 12'345;
                QElapsedTimer timer;
                timer.start();
                const auto found = assignBits(linears, budget, job);
                slowest_ms = std::max(slowest_ms, timer.elapsed());
                QVERIFY2(found.has_value(), found ? "" : found.error().message.c_str());
                QVERIFY(found->size_bits <= budget);
            }
            QVERIFY2(slowest_ms < 1000, qPrintable(QString::number(slowest_ms)));
            qInfo("%zu blocks: at most %lld ms", blocks, static_cast<long long>(slowest_ms));
        }
    }

    void refusesWhatCannotBe() {
        const JobContext job;
        const std::vector<LinearChoices> linears{{{4, 4'000'000'000, 1.0}}};
        const auto small = assignBits(linears, 5, job);
        QVERIFY(!small && QString::fromStdString(small.error().message).contains(QStringLiteral("500 MB")));
        QVERIFY(!assignBits(std::vector<LinearChoices>{{}}, 5, job));
        QVERIFY(!assignBits(std::vector<LinearChoices>{{{4, 4, std::nan("")}}}, 5, job));
        QVERIFY(!lossCurve(std::vector<LinearChoices>{{{4, 4, -1.0}}}));
        QCOMPARE(assignBits(std::vector<LinearChoices>{}, 0, job)->size_bits, std::int64_t{0});
    }
};

QTEST_APPLESS_MAIN(AssignBitsTest)
#include "assign_bits_test.moc"
