// If this fails, a linear gets other bits than the user painted or typed, or a typing error is taken for a rule.
#include "core/mixed_bits/layer_bits.h"

#include <QtTest>

using namespace quantoscope;

class LayerBitsTest : public QObject {
    Q_OBJECT

private slots:
    void laterRulesWin() {
        const auto rules = parseLayerBits("*.*=3,0-1.down_proj+o_proj=8,1.down_proj=skip");
        QVERIFY(rules.has_value());
        QCOMPARE(*ruledBits(*rules, 0, LinearRole::down_proj), std::int64_t{8});
        QCOMPARE(*ruledBits(*rules, 1, LinearRole::o_proj), std::int64_t{8});
        QCOMPARE(*ruledBits(*rules, 1, LinearRole::down_proj), LayerBitsRule::kSkip);
        QCOMPARE(*ruledBits(*rules, 7, LinearRole::q_proj), std::int64_t{3});
        QVERIFY(!ruledBits(*parseLayerBits("2.q_proj=4"), 3, LinearRole::q_proj));
        QVERIFY(!ruledBits(*parseLayerBits("2.q_proj=4"), 2, LinearRole::k_proj));
    }

    void textsComeBackAsTheyWere() {
        for (const char* text : {"*.*=3", "3.down_proj=8", "0-3.k_proj+v_proj=skip", "*.*=3,0.*=4,2-30.up_proj=6", ""})
            QCOMPARE(layerBitsText(*parseLayerBits(text)), std::string(text));
    }

    void wrongTextsAreRefusedWithAnExample() {
        for (const char* text : {"down_proj=8", "3.down_proj", "3-1.down_proj=8", "x.down_proj=8", "3.down_prj=8",
                                 "3.down_proj=0", "3.down_proj=17", "3.down_proj=-4", "3.=4", "3.down_proj=8,", ",",
                                 "-1.down_proj=4", "99999999999999999999.q_proj=4", "3.q_proj=4x", "3=q_proj.4"}) {
            const auto rules = parseLayerBits(text);
            QVERIFY2(!rules.has_value(), text);
            QVERIFY(rules.error().message.find("3.down_proj=8") != std::string::npos);
        }
        QVERIFY(parseLayerBits("3.down_prj=8").error().message.find("did you mean 'down_proj'") != std::string::npos);
    }

    void blocksMustBeInTheModel() {
        ModelConfig config;
        config.block_count = 4;
        QVERIFY(checkLayerBits(*parseLayerBits("*.*=3,0-3.q_proj=4"), config).has_value());
        QVERIFY(!checkLayerBits(*parseLayerBits("0-4.q_proj=4"), config));
    }

    void tablesBecomeFewRules() {
        BitsTable table(5, {3, 3, 3, 3, 3, 3, 3});
        table[1][6] = table[2][6] = 8;
        table[2][0] = 2;
        table[4] = {4, 4, 4, 4, 4, 4, 4};
        const auto rules = layerBitsFrom(table, 3);
        QCOMPARE(layerBitsText(rules), std::string("1.down_proj=8,2.q_proj=2,2.down_proj=8,4.*=4"));
        for (std::size_t block = 0; block < table.size(); ++block)
            for (const auto role : kLinearRoles)
                QCOMPARE(ruledBits(rules, static_cast<std::int64_t>(block), role).value_or(3),
                         table[block][static_cast<std::size_t>(role)]);
    }
};

QTEST_APPLESS_MAIN(LayerBitsTest)
#include "layer_bits_test.moc"
