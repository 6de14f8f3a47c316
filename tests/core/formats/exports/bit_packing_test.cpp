// If this fails, exported GPTQ and AWQ checkpoints load everywhere and compute nonsense.
#include "core/formats/exports/bit_packing.h"

#include <QTest>
#include <random>

using namespace quantoscope::exports;

namespace {

std::vector<std::uint8_t> sequence(int count, int factor, int levels) {
    std::vector<std::uint8_t> codes;
    for (int i = 0; i < count; ++i) codes.push_back(static_cast<std::uint8_t>((factor * i + 1) % levels));
    return codes;
}

std::vector<std::uint8_t> randomCodes(std::size_t count, int bits) {
    std::mt19937 generator(static_cast<unsigned>(count) + static_cast<unsigned>(bits));
    std::vector<std::uint8_t> codes(count);
    for (auto& code : codes) code = static_cast<std::uint8_t>(generator() % (1U << bits));
    return codes;
}

}  // namespace

class BitPackingTest : public QObject {
    Q_OBJECT
private slots:
    void streamsGiveTheGoldenWords() {
        const auto words = [](const std::vector<std::uint8_t>& codes, int bits) {
            std::vector<std::uint32_t> packed(codes.size() * static_cast<std::size_t>(bits) / 32);
            packStream(codes, bits, packed);
            return packed;
        };
        using Words = std::vector<std::uint32_t>;
        QCOMPARE(words(sequence(32, 5, 4), 2), (Words{0x39393939, 0x39393939}));
        QCOMPARE(words(sequence(32, 5, 8), 3), (Words{0xf19d50f1, 0x50f19d50, 0x9d50f19d}));
        QCOMPARE(words(sequence(16, 5, 16), 4), (Words{0x4fa50b61, 0xc72d83e9}));
        QCOMPARE(words(sequence(8, 37, 256), 8), (Words{0x704b2601, 0x04dfba95}));
        // Symmetric zero points, stored minus one and as they are.
        QCOMPARE(words(std::vector<std::uint8_t>(32, 3), 3), (Words{0xdb6db6db, 0xb6db6db6, 0x6db6db6d}));
        QCOMPARE(words(std::vector<std::uint8_t>(32, 4), 3), (Words{0x24924924, 0x49249249, 0x92492492}));
        QCOMPARE(words(std::vector<std::uint8_t>(8, 7), 4), (Words{0x77777777}));
        QCOMPARE(words(std::vector<std::uint8_t>(4, 0x80), 8), (Words{0x80808080}));
    }
    void awqWordsAreInterleaved() {
        QCOMPARE(packInterleaved(std::vector<std::uint8_t>{0, 1, 2, 3, 4, 5, 6, 7}, 8, 1),
                 std::vector<std::uint32_t>{0x75316420});
        QCOMPARE(packInterleaved(std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6, 7, 8}, 8, 1),
                 std::vector<std::uint32_t>{0x86427531});
    }
    void everyCodeComesBackBitByBit_data() {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("outputs");
        QTest::addColumn<int>("inputs");
        for (const int bits : {2, 3, 4, 8})
            for (const int outputs : {32, 64, 160, 576})
                for (const int inputs : {32, 96, 576})
                    QTest::addRow("%d bits, %d x %d", bits, outputs, inputs) << bits << outputs << inputs;
    }
    void everyCodeComesBackBitByBit() {
        QFETCH(int, bits);
        QFETCH(int, outputs);
        QFETCH(int, inputs);
        const auto codes = randomCodes(static_cast<std::size_t>(outputs * inputs), bits);
        const auto down = packAlongInputs(codes, outputs, inputs, bits);
        const auto along = packAlongOutputs(codes, outputs, inputs, bits);
        QCOMPARE(down.size(), static_cast<std::size_t>(inputs * bits / 32 * outputs));
        QCOMPARE(along.size(), down.size());
        int wrong = 0;
        for (int output = 0; output < outputs; ++output)
            for (int input = 0; input < inputs; ++input)
                for (int bit = 0; bit < bits; ++bit) {
                    const unsigned wanted = codes[static_cast<std::size_t>(output * inputs + input)] >> bit & 1U;
                    const int d = input * bits + bit;
                    const int a = output * bits + bit;
                    wrong += (down[static_cast<std::size_t>(d / 32 * outputs + output)] >> (d % 32) & 1U) != wanted;
                    wrong += (along[static_cast<std::size_t>(input * (outputs * bits / 32) + a / 32)] >> (a % 32) &
                              1U) != wanted;
                }
        QCOMPARE(wrong, 0);
    }
};
QTEST_APPLESS_MAIN(BitPackingTest)
#include "bit_packing_test.moc"
