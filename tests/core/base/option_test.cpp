// If this fails, a mistyped option silently runs with its default, or a good value is refused.
#include "core/base/option.h"

#include <QTest>

#include "core/base/option_rows.h"

using namespace quantoscope;

namespace {
std::vector<OptionDescription> descriptions() {
    return {integerOptionRow("bits", "Bits", {4, 2, 8}, "bits", "help"),
            integerOptionRow("group_size", "Group", {128, 8, 1024}, "columns", "help", {-1}),
            realOptionRow("damping", "Damping", {0.01, 0.0, 1.0}, "", "help"),
            booleanOptionRow("desc_act", "Order", true, "help"),
            choiceOptionRow("scale_dtype", "Scales", "float32", {"float32", "float16"}, "help")};
}
}  // namespace

class OptionTest : public QObject {
    Q_OBJECT
private slots:
    void defaultsAreFilledIn() {
        const auto values = completeOptions(descriptions(), {{"bits", std::int64_t{3}}});
        QVERIFY(values.has_value());
        QCOMPARE(integerOption(*values, "bits"), 3);
        QCOMPARE(integerOption(*values, "group_size"), 128);
        QVERIFY(booleanOption(*values, "desc_act"));
    }
    void anUnknownNameIsRefusedWithTheNearestOne() {
        const auto values = completeOptions(descriptions(), {{"groupsize", std::int64_t{3}}});
        QVERIFY(!values.has_value());
        QVERIFY(values.error().message.find("'group_size'") != std::string::npos);
    }
    void rangesHoldAndSpecialValuesPass() {
        QVERIFY(!completeOptions(descriptions(), {{"bits", std::int64_t{9}}}).has_value());
        QVERIFY(completeOptions(descriptions(), {{"group_size", std::int64_t{-1}}}).has_value());
        QVERIFY(!completeOptions(descriptions(), {{"group_size", std::int64_t{-2}}}).has_value());
    }
    void textIsParsedByType() {
        const auto rows = descriptions();
        QCOMPARE(std::get<double>(*parseOption(rows[2], "0.05")), 0.05);
        QVERIFY(!parseOption(rows[2], "nan").has_value());
        QVERIFY(!parseOption(rows[0], "4x").has_value());
        QCOMPARE(std::get<bool>(*parseOption(rows[3], "false")), false);
        QVERIFY(!parseOption(rows[4], "float64").has_value());
    }
};
QTEST_APPLESS_MAIN(OptionTest)
#include "option_test.moc"
