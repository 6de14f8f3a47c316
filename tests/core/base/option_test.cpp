// If this fails, a mistyped option silently runs with its default, or a good value is refused.
#include "core/base/option.h"

#include <QTest>

using namespace quantoscope;

namespace {
std::vector<OptionDescription> descriptions() {
    return {{"bits",
             "Bits",
             OptionType::integer,
             std::int64_t{4},
             std::int64_t{2},
             std::int64_t{8},
             {},
             "bits",
             "help",
             {}},
            {"group_size",
             "Group",
             OptionType::integer,
             std::int64_t{128},
             std::int64_t{8},
             std::int64_t{1024},
             {},
             "columns",
             "help",
             {-1}},
            {"damping", "Damping", OptionType::real, 0.01, 0.0, 1.0, {}, "", "help", {}},
            {"desc_act", "Order", OptionType::boolean, true, {}, {}, {}, "", "help", {}},
            {"scale_dtype",
             "Scales",
             OptionType::choice,
             std::string("float32"),
             {},
             {},
             {"float32", "float16"},
             "",
             "help",
             {}}};
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
