// If this fails, a model opened from a GGUF file computes with wrong weights.
// (Golden values of every type: tests/core/formats/gguf_file_test.cpp.)
#include "kernels/dequantize_gguf/dequantize_gguf.h"

#include <QTest>
#include <cstring>
#include <random>
#include <vector>

#include "kernels/base/cpu_features.h"

using namespace quantoscope;
using kernels::GgufBlock;

namespace {

std::vector<float> dequantized(GgufBlock type, const QByteArray& bytes) {
    const std::size_t blocks = static_cast<std::size_t>(bytes.size()) / kernels::blockBytes(type);
    std::vector<float> values(blocks * kernels::blockElements(type));
    kernels::dequantizeGguf(type, bytes.constData(), blocks, values.data());
    return values;
}

/// Random codes under scales that are finite halves.
std::vector<std::uint8_t> randomBlocks(GgufBlock type, std::size_t count, std::uint32_t seed) {
    std::mt19937 random(seed);
    std::vector<std::uint8_t> bytes(count * kernels::blockBytes(type) + 1);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    const auto finite = [&](std::size_t at) { bytes[at + 1] = static_cast<std::uint8_t>(bytes[at + 1] & 0xbbU); };
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t begin = 1 + i * kernels::blockBytes(type);
        const std::size_t end = begin + kernels::blockBytes(type);
        finite(begin), finite(begin + 2), finite(end - 2), finite(end - 4);
    }
    return bytes;
}

}  // namespace

class DequantizeGgufTest : public QObject {
    Q_OBJECT
private slots:
    void cleanup() { kernels::setCpuLevel(kernels::detectedCpuLevel()); }

    void handWorkedBlocks() {
        const QByteArray ramp = QByteArray::fromHex("00112233445566778899aabbccddeeff");
        const auto q4_0 = dequantized(GgufBlock::q4_0, QByteArray::fromHex("003c") + ramp);
        const auto q4_1 = dequantized(GgufBlock::q4_1, QByteArray::fromHex("003c00c0") + ramp);
        const auto q5_0 = dequantized(GgufBlock::q5_0, QByteArray::fromHex("003c0000ffff") + ramp);
        for (int i = 0; i < 32; ++i) {
            QCOMPARE(q4_0[static_cast<std::size_t>(i)], static_cast<float>(i % 16 - 8));
            QCOMPARE(q4_1[static_cast<std::size_t>(i)], static_cast<float>(i % 16 - 2));
            QCOMPARE(q5_0[static_cast<std::size_t>(i)], static_cast<float>(i - 16));
        }
        const auto q4_k =
            dequantized(GgufBlock::q4_k, QByteArray::fromHex("003c00384185c9cd4286cace212121ef") + ramp.repeated(8));
        QCOMPARE(q4_k[0], -1.0F);
        QCOMPARE(q4_k[40], 37.0F);
        QCOMPARE(q4_k[255], 914.0F);
    }

    void everyVersionGivesTheSameBits() {
        for (int type = 0; type <= static_cast<int>(GgufBlock::q6_k); ++type)
            for (const std::size_t blocks : {0, 1, 2, 3, 17}) versionsAgree(static_cast<GgufBlock>(type), blocks);
    }

private:
    static void versionsAgree(GgufBlock type, std::size_t blocks) {
        const auto bytes = randomBlocks(type, blocks, 11U + static_cast<std::uint32_t>(blocks));
        std::vector<float> expected(blocks * kernels::blockElements(type)), values(expected.size());
        kernels::reference::dequantizeGguf(type, bytes.data() + 1, blocks, expected.data());
        for (int level = 0; level <= static_cast<int>(kernels::detectedCpuLevel()); ++level) {
            kernels::setCpuLevel(static_cast<kernels::CpuLevel>(level));
            kernels::dequantizeGguf(type, bytes.data() + 1, blocks, values.data());
            QVERIFY(blocks == 0 || std::memcmp(values.data(), expected.data(), 4 * values.size()) == 0);
        }
    }
};
QTEST_APPLESS_MAIN(DequantizeGgufTest)
#include "dequantize_gguf_test.moc"
