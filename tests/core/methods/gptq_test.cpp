// If this fails, GPTQ gives other codes than its authors' program: worse models, and numbers nobody can compare.
#include "core/methods/gptq.h"

#include <QTest>
#include <algorithm>
#include <cmath>

#include "tests/support/memory_block.h"

using namespace quantoscope;
using namespace quantoscope::test;

namespace {

constexpr auto kRole = LinearRole::k_proj;

/// The known-answer inputs of the reference document: 12 x 8, columns scaled, then each mixed with the one before.
Matrix referenceInputs(std::int64_t a) {
    Matrix x(12, 8);
    for (std::int64_t t = 0; t < 12; ++t) {
        for (std::int64_t j = 0; j < 8; ++j) x.at(t, j) = testNumber(t, j, a, 1.0 + static_cast<double>(j % 4));
        for (std::int64_t j = 1; j < 8; ++j) x.at(t, j) += 0.5F * x.at(t, j - 1);
    }
    return x;
}

MemoryBlock referenceBlock() {
    auto block = MemoryBlock::small();
    block.configuration.hidden_size = 8;
    for (const auto role : kLinearRoles)
        block.weights[role] = testMatrix(3, inputSite(role) == InputSite::mlp_hidden ? 24 : 8, 1);
    for (const auto site : {InputSite::attention_input, InputSite::attention_output, InputSite::mlp_input})
        block.setInputs(site, {referenceInputs(2), referenceInputs(3)});
    return block;
}

struct Answer {
    QuantizedTensor tensor;
    double error;
};

Answer solved(MemoryBlock& block, const OptionValues& changes) {
    const auto* method = *findMethod("gptq");
    JobContext job;
    auto result = method->quantize_block(block, optionsOf(*method, changes), job);
    if (!result) qFatal("%s", result.error().message.c_str());
    const auto index = static_cast<std::size_t>(kRole);
    return {*result->linears[index], result->solver_error[index]};
}

double largestDifference(const Matrix& matrix, const std::vector<float>& expected) {
    double largest = 0.0;
    for (std::size_t i = 0; i < expected.size(); ++i)
        largest =
            std::max(largest, std::fabs(static_cast<double>(matrix.values[i]) - static_cast<double>(expected[i])));
    return largest;
}

OptionValues options(std::int64_t bits, std::int64_t group, std::int64_t block, bool order, bool fixed) {
    return {
        {"bits", bits}, {"group_size", group}, {"block_size", block}, {"desc_act", order}, {"static_groups", fixed}};
}

}  // namespace

class GptqTest : public QObject {
    Q_OBJECT
private slots:
    void wholeRows() {
        auto block = referenceBlock();
        const auto answer = solved(block, options(4, -1, 128, false, false));
        QVERIFY(std::fabs(answer.error / 0.03206031 - 1.0) < 1e-4);
        QVERIFY(largestDifference(answer.tensor.dequantize(),
                                  {0.4004993F,  -0.3432851F, -0.05721418F, 0.2288567F,  -0.4577135F, -0.1716425F,
                                   0.1144284F,  0.3432851F,  0.3432851F,   -0.4004993F, -0.1144284F, 0.1716425F,
                                   0.4577135F,  -0.2288567F, 0.05721418F,  0.3432851F,  0.2860709F,  -0.4004993F,
                                   -0.1144284F, 0.1144284F,  0.4577135F,   -0.2860709F, 0.0F,        0.3432851F}) <
                2e-6);
    }
    void anUncorrelatedInputGivesRoundToNearest() {
        auto block = MemoryBlock::small();
        for (auto& [site, statistics] : block.site_statistics) {
            auto& gram = statistics.gram;
            std::ranges::fill(gram.values, 0.0F);
            for (std::int64_t i = 0; i < gram.rows; ++i) gram.at(i, i) = 3.0F;
        }
        const auto answer = solved(block, options(4, 8, 128, false, false));
        const auto* rtn = *findMethod("rtn");
        JobContext job;
        const auto plain = rtn->quantize_block(block, optionsOf(*rtn, {{"group_size", std::int64_t{8}}}), job);
        QVERIFY(plain.has_value());
        QVERIFY(answer.tensor.codes == plain->linears[static_cast<std::size_t>(kRole)]->codes);
    }
    void aDeadInputIsZeroAndMovesNothing() {
        auto block = MemoryBlock::small();
        auto x = testMatrix(40, 16, 5);
        for (std::int64_t t = 0; t < 40; ++t) x.at(t, 3) = 0.0F;
        block.setInputs(InputSite::attention_input, {x});
        const auto answer = solved(block, options(4, 8, 128, true, true));
        const auto values = answer.tensor.dequantize();
        for (std::int64_t i = 0; i < values.rows; ++i) QCOMPARE(values.at(i, 3), 0.0F);
    }
    void theErrorIsTheTraceItSaysItIs() {
        auto block = MemoryBlock::small();
        const auto answer = solved(block, options(3, 8, 4, true, false));
        const auto& statistics = block.site_statistics[InputSite::attention_input];
        const auto difference = answer.tensor.dequantize();
        const auto& weight = block.weights[kRole];
        double trace = 0.0;
        double mean = 0.0;
        for (std::int64_t j = 0; j < 16; ++j) mean += static_cast<double>(statistics.gram.at(j, j)) / 16.0;
        for (std::int64_t i = 0; i < weight.rows; ++i)
            for (std::int64_t j = 0; j < 16; ++j)
                for (std::int64_t k = 0; k < 16; ++k)
                    trace += static_cast<double>(weight.at(i, j) - difference.at(i, j)) *
                             static_cast<double>(weight.at(i, k) - difference.at(i, k)) *
                             (static_cast<double>(statistics.gram.at(j, k)) + (j == k ? 0.01 * mean : 0.0));
        // H is the Gram matrix times 2 / sequences (2 here), and the reported error is half the trace.
        QVERIFY(std::fabs(answer.error / (trace / 2.0) - 1.0) < 1e-4);
    }
    void sharedInputsShareTheOrderOfTheSweep() {
        auto block = MemoryBlock::small();
        const auto* method = *findMethod("gptq");
        JobContext job;
        const auto result = method->quantize_block(block, optionsOf(*method, {{"group_size", std::int64_t{8}}}), job);
        QVERIFY(result.has_value());
        QVERIFY(!result->linears[0]->group_index.empty());
        QVERIFY(result->linears[0]->group_index == result->linears[1]->group_index);
        QVERIFY(result->linears[0]->group_index == result->linears[2]->group_index);
        QCOMPARE(block.replaced.size(), std::size_t(6));  // all but the last, so that later statistics see them
    }
    void aSingularMatrixIsDampedAndSaidSo() {
        auto block = MemoryBlock::small();
        auto& gram = block.site_statistics[InputSite::attention_input].gram;
        std::ranges::fill(gram.values, 1.0F);  // rank one
        const auto* method = *findMethod("gptq");
        JobContext job;
        const auto result = method->quantize_block(block, optionsOf(*method, {{"damp_percent", 0.0}}), job);
        QVERIFY(result.has_value());
        QVERIFY(!result->notes.empty());
        QVERIFY(result->notes.front().find("damping raised") != std::string::npos);
    }
};
QTEST_APPLESS_MAIN(GptqTest)
#include "gptq_test.moc"
