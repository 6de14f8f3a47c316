// If this fails, calibration sees other samples than the published experiments: numbers cannot be compared with theirs.
#include "core/calibration/token_windows.h"

#include <QTest>
#include <numeric>

#include "core/calibration/python_random.h"

using namespace quantoscope;
using Words = std::vector<std::int64_t>;

namespace {
Words starts(std::int64_t tokens, std::int64_t seed) {
    std::vector<std::int32_t> ids(static_cast<std::size_t>(tokens));
    std::iota(ids.begin(), ids.end(), 0);
    Words first;
    const auto windows = calibrationWindows(ids, 8, 2048, seed, Sampling::random);
    if (!windows.has_value()) return {};
    for (const auto& window : *windows) first.push_back(window.front());
    return first;
}
Words bits32(std::int64_t seed, int count) {
    PythonRandom random(seed);
    Words words;
    for (int i = 0; i < count; ++i) words.push_back(static_cast<std::int64_t>(random.getRandBits(32)));
    return words;
}
}  // namespace

class TokenWindowsTest : public QObject {
    Q_OBJECT
private slots:
    void theGeneratorIsPythons() {
        QCOMPARE(bits32(0, 6), Words({3626764237, 1654615998, 3255389356, 3823568514, 1806341205, 173879092}));
        QCOMPARE(bits32(2, 4), Words({4106135923, 3707026329, 4070888059, 3646664648}));
        QCOMPARE(bits32(42, 4), Words({2746317213, 478163327, 107420369, 3184935163}));
        QCOMPARE(bits32(-42, 4), bits32(42, 4));
        PythonRandom random(0);
        Words drawn;
        for (int i = 0; i < 12; ++i) drawn.push_back(random.randInt(0, 45575));
        QCOMPARE(drawn, Words({25247, 27562, 2653, 16968, 33506, 31845, 26537, 19877, 31234, 23465, 38232, 14315}));
    }
    void startsAreThoseOfTheOriginals() {
        QCOMPARE(starts(1000000, 0), Words({885440, 403958, 794772, 933488, 441001, 42450, 271493, 536110}));
        QCOMPARE(starts(1000000, 2), Words({905035, 993869, 890298, 59298, 96033, 88994, 378596, 876084}));
        QCOMPARE(starts(1000000, 42), Words({670487, 116739, 26225, 777572, 288389, 256787, 234053, 146316}));
        QCOMPARE(starts(289077, 0), Words({201979, 220500, 21225, 135746, 268055, 254766, 212302, 159023}));
        QCOMPARE(starts(289077, 2), Words({29649, 48016, 44497, 189298, 88648, 161552, 131902, 111263}));
    }
    void sequentialWindowsFollowEachOther() {
        const std::vector<std::int32_t> ids{0, 1, 2, 3, 4, 5, 6};
        const auto windows = calibrationWindows(ids, 3, 2, 0, Sampling::sequential);
        QVERIFY(windows.has_value());
        QCOMPARE(windows->back(), std::vector<std::int32_t>({4, 5}));
        QVERIFY(!calibrationWindows(ids, 4, 2, 0, Sampling::sequential).has_value());
    }
    void aShortTextSaysHowShort() {
        const std::vector<std::int32_t> ids(2048);
        const auto windows = calibrationWindows(ids, 1, 2048, 0, Sampling::random);
        QVERIFY(!windows.has_value());
        QVERIFY(windows.error().message.find("2048 tokens") != std::string::npos);
        QVERIFY(windows.error().message.find("2049") != std::string::npos);
        QVERIFY(!calibrationWindows(ids, 0, 8, 0, Sampling::random).has_value());
        QVERIFY(!calibrationWindows(ids, INT64_MAX, INT64_MAX, 0, Sampling::sequential).has_value());
    }
};
QTEST_APPLESS_MAIN(TokenWindowsTest)
#include "token_windows_test.moc"
