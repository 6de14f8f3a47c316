// If this fails, tokens look at the wrong other tokens, or at the future, for some head layout or sequence length.
#include "kernels/attention/attention.h"

#include "kernels/convert_float/convert_float.h"
#include "tests/kernels/cuda_test_tools.h"

using namespace quantoscope::kernels;
using namespace quantoscope::test;

namespace {

// Around the tile of 48 queries, panels of 64 keys, blocks of 256 keys, panels of 64 dimensions.
const AttentionShape kShapes[] = {
    {1, 1, 1, 1, 1, 2},    {2, 5, 5, 4, 2, 16},    {1, 47, 47, 2, 1, 32},   {3, 49, 49, 3, 3, 64},
    {1, 64, 64, 3, 1, 80}, {1, 65, 300, 2, 2, 64}, {1, 300, 300, 3, 1, 64}, {1, 1, 257, 6, 2, 128},
    {2, 3, 512, 2, 1, 6},  {1, 40, 70, 2, 1, 200},
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

template <typename Number>
KernelStatus attendOnGpu(const AttentionShape& shape, const std::vector<Number>& q, const std::vector<Number>& k,
                         const std::vector<Number>& v, std::vector<Number>& out) {
    Gpu gpu;
    const auto& cuda = Gpu::functions();
    Number* const to = gpu.upload(out);
    const auto* const keys = gpu.upload(k);
    const auto* const values = gpu.upload(v);
    if constexpr (std::is_same_v<Number, float>)
        gpu.check(cuda.attentionFloat32(gpu.context(), &shape, gpu.upload(q), keys, values, to));
    else
        gpu.check(cuda.attentionBfloat16(gpu.context(), &shape, gpu.upload(q), keys, values, to));
    out = gpu.download(to, out.size());
    return gpu.isSound() ? KernelStatus::ok : KernelStatus::failed;
}

/// On a level of the CPU, or on the GPU for kCudaLevel.
template <typename Number>
KernelStatus attend(int level, const AttentionShape& shape, const std::vector<Number>& q, const std::vector<Number>& k,
                    const std::vector<Number>& v, std::vector<Number>& out) {
    if (level == kCudaLevel) return attendOnGpu(shape, q, k, v, out);
    const LevelGuard guard(level);
    return attention(shape, q.data(), k.data(), v.data(), out.data());
}

/// The same with q, k and v of a token behind one another: 16, 8 and 8 numbers.
void attendTogether(int level, const AttentionShape& shape, const std::vector<float>& together,
                    std::vector<float>& out) {
    if (level != kCudaLevel) {
        const LevelGuard guard(level);
        attention(shape, together.data(), together.data() + 16, together.data() + 24, out.data());
        return;
    }
    Gpu gpu;
    const float* const from = gpu.upload(together);
    float* const to = gpu.upload(out);
    gpu.check(Gpu::functions().attentionFloat32(gpu.context(), &shape, from, from + 16, from + 24, to));
    out = gpu.download(to, out.size());
    if (!gpu.isSound()) out.clear();
}

}  // namespace

class AttentionTest : public QObject {
    Q_OBJECT
    /// Trunk and branch as one sequence of 4 query and 2 key heads of 32.
    static void checkBranch(const Inputs& in, const std::vector<float>& out, const BranchedSequence& sequence,
                            std::int64_t first, std::int64_t branch) {
        const auto joined = [&](const std::vector<float>& values, std::int64_t width) {
            const auto at = [&](std::int64_t token) { return values.begin() + token * width; };
            std::vector<float> rows(at(sequence.first_token), at(sequence.first_token + sequence.trunk));
            rows.insert(rows.end(), at(first), at(first + branch));
            return rows;
        };
        const auto tokens = sequence.trunk + branch;
        std::vector<float> wanted(static_cast<std::size_t>(tokens * 128));
        attention({1, tokens, tokens, 4, 2, 32}, joined(in.q, 128).data(), joined(in.k, 64).data(),
                  joined(in.v, 64).data(), wanted.data());
        QVERIFY(joined(out, 128) == wanted);
    }

private slots:
    void everyDeviceMeetsTheReference_data() { addDeviceRows(); }
    void everyDeviceMeetsTheReference() {
        QFETCH(int, level);
        QS_SKIP_WITHOUT_GPU(level);
        for (const auto& shape : kShapes) {
            const auto in = inputsOf(shape, 2.0F);  // peaked softmax: maxima move from block to block
            std::vector<float> out(in.q.size());
            std::vector<float> wanted(in.q.size());
            QCOMPARE(attend(level, shape, in.q, in.k, in.v, out), KernelStatus::ok);
            attentionReference(shape, in.q.data(), in.k.data(), in.v.data(), wanted.data());
            QVERIFY(worstDifference(out, wanted, 1e-5) < 3e-5);
        }
    }
    void bfloat16IsTheSameOfRoundedValues_data() { addDeviceRows(); }
    void bfloat16IsTheSameOfRoundedValues() {
        QFETCH(int, level);
        QS_SKIP_WITHOUT_GPU(level);
        for (const auto& shape : kShapes) {
            const auto in = inputsOf(shape, 1.0F);
            const auto q = bfloat16Bits(in.q);
            const auto k = bfloat16Bits(in.k);
            const auto v = bfloat16Bits(in.v);
            std::vector<std::uint16_t> out(q.size());
            QCOMPARE(attend(level, shape, q, k, v, out), KernelStatus::ok);
            std::vector<float> wanted(q.size());
            attentionReference(shape, valuesOf(q).data(), valuesOf(k).data(), valuesOf(v).data(), wanted.data());
            QVERIFY(worstDifference(valuesOf(out), wanted, 1.0 / 128) < 1e-4);
        }
    }
    void aQueryOnTheGpuGetsTheSameBytesAlone() {
        QS_SKIP_WITHOUT_GPU(kCudaLevel);
        AttentionShape shape{1, 150, 150, 4, 2, 64};
        const auto in = inputsOf(shape, 2.0F);
        const auto q = bfloat16Bits(in.q);
        const auto k = bfloat16Bits(in.k);
        const auto v = bfloat16Bits(in.v);
        std::vector<std::uint16_t> whole(q.size());
        QCOMPARE(attendOnGpu(shape, q, k, v, whole), KernelStatus::ok);
        constexpr std::int64_t kWidth = 256;
        for (const std::int64_t last : {0, 63, 64, 100, 149}) {
            shape.query_count = 1;
            shape.key_count = last + 1;
            std::vector<std::uint16_t> alone(kWidth);
            const std::vector<std::uint16_t> one(q.begin() + last * kWidth, q.begin() + (last + 1) * kWidth);
            QCOMPARE(attendOnGpu(shape, one, k, v, alone), KernelStatus::ok);
            QVERIFY(std::equal(alone.begin(), alone.end(), whole.begin() + last * kWidth));
        }
    }
    void branchesAreTheBytesOfWholeSequences_data() { addLevelRows(); }
    void branchesAreTheBytesOfWholeSequences() {
        QFETCH(int, level);
        const LevelGuard guard(level);
        const std::vector<BranchedSequence> sequences{
            {0, 70, {5, 60, 0, 1}}, {136, 0, {3, 50}}, {189, 20, {}}, {209, 64, {64, 2}}, {339, 1, {1}}};
        const AttentionShape whole{1, 341, 341, 4, 2, 32};
        const auto in = inputsOf(whole, 2.0F);
        std::vector<float> out(in.q.size());
        QCOMPARE(attention(whole, sequences, in.q.data(), in.k.data(), in.v.data(), out.data()), KernelStatus::ok);
        for (const auto& sequence : sequences) {
            auto first = sequence.first_token + sequence.trunk;
            for (const auto branch : sequence.branches) {
                checkBranch(in, out, sequence, first, branch);
                first += branch;
            }
            checkBranch(in, out, sequence, first, 0);
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
    void stridesAreObeyed_data() { addDeviceRows(); }
    void stridesAreObeyed() {
        QFETCH(int, level);
        QS_SKIP_WITHOUT_GPU(level);
        AttentionShape shape{2, 9, 9, 2, 1, 8};
        const auto in = inputsOf(shape, 1.0F);
        std::vector<float> dense(in.q.size());
        QCOMPARE(attend(level, shape, in.q, in.k, in.v, dense), KernelStatus::ok);
        // q, k and v of a token behind one another, as one product would leave them.
        std::vector<float> together(18 * 32);
        for (std::size_t t = 0; t < 18; ++t) {
            std::copy_n(&in.q[t * 16], 16, &together[t * 32]);
            std::copy_n(&in.k[t * 8], 8, &together[t * 32 + 16]);
            std::copy_n(&in.v[t * 8], 8, &together[t * 32 + 24]);
        }
        shape.query_stride = shape.key_stride = shape.value_stride = 32;
        std::vector<float> out(in.q.size());
        attendTogether(level, shape, together, out);
        QCOMPARE(out, dense);
    }
};

QTEST_APPLESS_MAIN(AttentionTest)
#include "attention_test.moc"
