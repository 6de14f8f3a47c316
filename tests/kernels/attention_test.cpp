// If this fails, tokens look at the wrong other tokens, or at the future, for some head layout or sequence length.
#include "kernels/attention/attention.h"

#include "kernels/convert_float/convert_float.h"
#include "tests/kernels/kernel_test_tools.h"

using namespace quantoscope::kernels;
using namespace quantoscope::test;

namespace {

// Around the tile of 48 queries, panels of 64 keys, blocks of 256 keys, panels of 64 dimensions.
const AttentionShape kShapes[] = {
    {1, 1, 1, 1, 1, 2},      {2, 5, 5, 4, 2, 16},    {1, 47, 47, 2, 1, 32},
    {3, 49, 49, 3, 3, 64},   {1, 64, 64, 3, 1, 80},  {1, 65, 300, 2, 2, 64},
    {1, 300, 300, 3, 1, 64}, {1, 1, 257, 6, 2, 128}, {2, 3, 512, 2, 1, 6},
};

struct Inputs {
    std::vector<float> q, k, v;
};
Inputs inputsOf(const AttentionShape& shape, float scale) {
    const auto queries = shape.sequence_count * shape.query_count * shape.head_count * shape.head_dim;
    const auto keys = shape.sequence_count * shape.key_count * shape.kv_head_count * shape.head_dim;
    return {randomValues(queries, 1, scale), randomValues(keys, 2, scale), randomValues(keys, 3)};
}
std::vector<float> valuesOf(const std::vector<std::uint16_t>& bits) {
    std::vector<float> values(bits.size());
    bfloat16ToFloat(bits.data(), values.data(), bits.size());
    return values;
}

}  // namespace

class AttentionTest : public QObject {
    Q_OBJECT
private slots:
    void everyLevelMeetsTheReference_data() { addLevelRows(); }
    void everyLevelMeetsTheReference() {
        QFETCH(int, level);
        const LevelGuard guard(level);
        for (const auto& shape : kShapes) {
            const auto in = inputsOf(shape, 2.0F);  // peaked softmax: maxima move from block to block
            std::vector<float> out(in.q.size());
            std::vector<float> wanted(in.q.size());
            QCOMPARE(attention(shape, in.q.data(), in.k.data(), in.v.data(), out.data()), KernelStatus::ok);
            attentionReference(shape, in.q.data(), in.k.data(), in.v.data(), wanted.data());
            QVERIFY(worstDifference(out, wanted, 1e-5) < 3e-5);
        }
    }
    void bfloat16IsTheSameOfRoundedValues_data() { addLevelRows(); }
    void bfloat16IsTheSameOfRoundedValues() {
        QFETCH(int, level);
        const LevelGuard guard(level);
        for (const auto& shape : kShapes) {
            const auto in = inputsOf(shape, 1.0F);
            const auto q = bfloat16Bits(in.q);
            const auto k = bfloat16Bits(in.k);
            const auto v = bfloat16Bits(in.v);
            std::vector<std::uint16_t> out(q.size());
            QCOMPARE(attention(shape, q.data(), k.data(), v.data(), out.data()), KernelStatus::ok);
            std::vector<float> wanted(q.size());
            attentionReference(shape, valuesOf(q).data(), valuesOf(k).data(), valuesOf(v).data(), wanted.data());
            QVERIFY(worstDifference(valuesOf(out), wanted, 1.0 / 128) < 1e-4);
        }
    }
    void tokenByTokenGivesTheSameBytes_data() { addLevelRows(); }
    void tokenByTokenGivesTheSameBytes() {
        QFETCH(int, level);
        const LevelGuard guard(level);
        AttentionShape shape{1, 70, 70, 4, 2, 32};
        const auto in = inputsOf(shape, 1.0F);
        std::vector<float> whole(in.q.size());
        attention(shape, in.q.data(), in.k.data(), in.v.data(), whole.data());
        KeyValuePanels panels;
        QCOMPARE(panels.reset(2, 32, 70), KernelStatus::ok);
        std::vector<float> steps(in.q.size());
        for (const auto& [first, count] : {std::pair{0, 40}, {40, 1}, {41, 27}, {68, 1}, {69, 1}}) {
            panels.append(in.k.data() + first * 64, 0, in.v.data() + first * 64, 0, count);
            shape.query_count = count;
            attention(shape, in.q.data() + first * 128, panels, steps.data() + first * 128);
        }
        QCOMPARE(panels.length(), 70);
        QVERIFY(worstDifference(steps, whole, 1e-6) < 1e-6);
    }
    void stridesAreObeyed() {
        AttentionShape shape{2, 9, 9, 2, 1, 8};
        const auto in = inputsOf(shape, 1.0F);
        std::vector<float> dense(in.q.size());
        attention(shape, in.q.data(), in.k.data(), in.v.data(), dense.data());
        // q, k and v of a token behind one another, as one product would leave them.
        std::vector<float> together(18 * 32);
        for (std::size_t t = 0; t < 18; ++t) {
            std::copy_n(&in.q[t * 16], 16, &together[t * 32]);
            std::copy_n(&in.k[t * 8], 8, &together[t * 32 + 16]);
            std::copy_n(&in.v[t * 8], 8, &together[t * 32 + 24]);
        }
        shape.query_stride = shape.key_stride = shape.value_stride = 32;
        std::vector<float> out(in.q.size());
        attention(shape, together.data(), together.data() + 16, together.data() + 24, out.data());
        QCOMPARE(out, dense);
    }
};

QTEST_APPLESS_MAIN(AttentionTest)
#include "attention_test.moc"
