// If this fails, some method breaks on an unusual model or ignores Cancel: a run dies or hangs instead of saying why.
#include <QTest>
#include <cmath>
#include <limits>

#include "core/methods/method.h"
#include "tests/support/memory_block.h"

using namespace quantoscope;
using namespace quantoscope::test;

namespace {

Result<QuantizedBlock> run(const MethodDescription& method, MemoryBlock& block, const OptionValues& changes = {}) {
    JobContext job;
    return method.quantize_block(block, optionsOf(method, changes), job);
}

void fillWeights(MemoryBlock& block, float value) {
    for (auto& [role, weight] : block.weights) weight.values.assign(weight.values.size(), value);
}

}  // namespace

class MethodsContractTest : public QObject {
    Q_OBJECT
    static void rows() {
        QTest::addColumn<QString>("id");
        for (const auto& method : methods()) QTest::newRow(method.id.c_str()) << QString::fromStdString(method.id);
    }
    static const MethodDescription& current() {
        QFETCH(QString, id);
        return **findMethod(id.toStdString());
    }

private slots:
    void everyMethodDescribesItself() {
        for (const auto& method : methods()) {
            QVERIFY(!method.id.empty() && !method.label.empty() && !method.summary.empty() && !method.source.empty());
            QVERIFY(method.hue.size() == 7 && method.hue.front() == '#');
            QVERIFY(method.quantize_block != nullptr);
            bool bits = false;
            bool group = false;
            for (const auto& option : method.options) {
                bits = bits || option.id == "bits";
                group = group || option.id == "group_size";
                QVERIFY2(!option.help.empty() && !option.label.empty(), option.id.c_str());
            }
            QVERIFY(bits && group);
            QVERIFY(completeOptions(method.options, {}).has_value());
        }
    }
    void anUnknownMethodIsNamedWithTheNearest() {
        const auto found = findMethod("gptk");
        QVERIFY(!found.has_value());
        QVERIFY(found.error().message.find("gptq") != std::string::npos);
    }
    void aBadOptionIsNamed() {
        for (const auto& method : methods()) {
            const auto complete = completeOptions(method.options, {{"bits", std::int64_t{9}}});
            QVERIFY(!complete.has_value());
            QVERIFY(complete.error().message.find("'bits'") != std::string::npos);
        }
    }

    void unusualWeights_data() { rows(); }
    void unusualWeights() {
        const auto& method = current();
        for (const float value : {0.0F, 0.25F, -1e-30F, 1e30F}) {
            auto block = MemoryBlock::small();
            fillWeights(block, value);
            const auto result = run(method, block);
            QVERIFY2(result.has_value(), result ? "" : result.error().message.c_str());
            for (const auto role : kLinearRoles) {
                const auto& linear = *result->linears[static_cast<std::size_t>(role)];
                QVERIFY(linear.validate("test").has_value());
                for (const float scale : linear.scales.values) QVERIFY(scale > 0.0F);
                for (const float back : linear.dequantize().values) {
                    QVERIFY(std::isfinite(back));
                    if (value == 0.0F) QCOMPARE(back, 0.0F);
                }
            }
        }
    }
    void linearsHaveTheBitsAskedOfThem_data() { rows(); }
    void linearsHaveTheBitsAskedOfThem() {
        auto block = MemoryBlock::small();
        block.bits = {{LinearRole::q_proj, 2}, {LinearRole::v_proj, 8}, {LinearRole::gate_proj, 5}};
        const auto result = run(current(), block);
        QVERIFY2(result.has_value(), result ? "" : result.error().message.c_str());
        for (const auto role : kLinearRoles) {
            const auto& linear = result->linears[static_cast<std::size_t>(role)];
            QVERIFY(linear && linear->validate("test").has_value());
            QCOMPARE(static_cast<std::int64_t>(linear->bits), block.linearBits(role, 4));
        }
        auto plain = MemoryBlock::small();
        plain.bits = {{LinearRole::q_proj, 4}, {LinearRole::down_proj, 4}};  // what they have anyway
        auto standard = MemoryBlock::small();
        const auto a = run(current(), plain);
        const auto b = run(current(), standard);
        for (const auto role : kLinearRoles)
            QVERIFY(a->linears[static_cast<std::size_t>(role)]->codes ==
                    b->linears[static_cast<std::size_t>(role)]->codes);
    }
    void linearsLeftAsTheyAreKeepTheFunction_data() { rows(); }
    void linearsLeftAsTheyAreKeepTheFunction() {
        for (const auto skipped : kLinearRoles) {
            auto block = MemoryBlock::small();
            block.bits = {{skipped, 0}};
            const auto result = run(current(), block);
            QVERIFY2(result.has_value(), result ? "" : result.error().message.c_str());
            QVERIFY(!result->linears[static_cast<std::size_t>(skipped)]);
            QVERIFY(!block.replaced.contains(skipped));
            // No scale may have gone into a neighbour that the unchanged linear would have to take back.
            for (const auto role : kLinearRoles) {
                const auto& linear = result->linears[static_cast<std::size_t>(role)];
                if (!linear) continue;
                if (inputSite(role) == inputSite(skipped)) QVERIFY(linear->input_scale.empty());
                const bool before_o = role == LinearRole::v_proj && skipped == LinearRole::o_proj;
                const bool before_down = role == LinearRole::up_proj && skipped == LinearRole::down_proj;
                if (before_o || before_down) QVERIFY(linear->output_scale.empty());
                if (skipped == LinearRole::v_proj && role == LinearRole::o_proj) QVERIFY(linear->input_scale.empty());
                if (skipped == LinearRole::up_proj && role == LinearRole::down_proj)
                    QVERIFY(linear->input_scale.empty());
            }
        }
        auto all = MemoryBlock::small();
        for (const auto role : kLinearRoles) all.bits[role] = 0;
        const auto result = run(current(), all);
        QVERIFY(result.has_value());
        for (const auto& [name, values] : result->vectors)
            for (const float value : values) QCOMPARE(value, 1.0F);
    }

    void everyWidthAndGroupSize_data() { rows(); }
    void everyWidthAndGroupSize() {
        const auto& method = current();
        for (const std::int64_t bits : {2, 3, 4, 5, 6, 7, 8}) {
            for (const std::int64_t group : {-1, 8, 13, 1024}) {
                for (const char* type : {"float32", "float16"}) {
                    auto block = MemoryBlock::small();
                    const auto result =
                        run(method, block, {{"bits", bits}, {"group_size", group}, {"scale_dtype", std::string(type)}});
                    QVERIFY2(result.has_value(), result ? "" : result.error().message.c_str());
                    for (const auto& linear : result->linears) {
                        QVERIFY(linear->validate("test").has_value());
                        QCOMPARE(static_cast<std::int64_t>(linear->bits), bits);
                    }
                }
            }
        }
    }
    void valuesThatAreNotNumbersAreRefusedByName_data() { rows(); }
    void valuesThatAreNotNumbersAreRefusedByName() {
        const auto& method = current();
        for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
            auto block = MemoryBlock::small();
            block.weights[LinearRole::up_proj].values[7] = bad;
            const auto result = run(method, block);
            QVERIFY(!result.has_value());
            QVERIFY(result.error().message.find("mlp.up_proj") != std::string::npos);
        }
    }
    void cancelAtOnce_data() { rows(); }
    void cancelAtOnce() {
        const auto& method = current();
        auto block = MemoryBlock::small();
        std::stop_source stop;
        stop.request_stop();
        JobContext job(stop.get_token());
        const auto result = method.quantize_block(block, optionsOf(method, {}), job);
        QVERIFY(!result.has_value());
        QVERIFY(result.error().kind == ErrorKind::cancelled);
    }
    void twiceGivesTheSameBytes_data() { rows(); }
    void twiceGivesTheSameBytes() {
        const auto& method = current();
        auto first_block = MemoryBlock::small();
        auto second_block = MemoryBlock::small();
        const auto first = run(method, first_block);
        const auto second = run(method, second_block);
        QVERIFY(first.has_value() && second.has_value());
        for (std::size_t i = 0; i < kLinearRoles.size(); ++i) {
            QVERIFY(first->linears[i]->codes == second->linears[i]->codes);
            QVERIFY(first->linears[i]->scales.values == second->linears[i]->scales.values);
            QVERIFY(first->linears[i]->group_index == second->linears[i]->group_index);
        }
    }
    /// Methods that put whole modules together need linears that fit one another.
    void oneRowOrOneColumn_data() {
        QTest::addColumn<QString>("id");
        for (const auto& method : methods())
            if (method.propagation != Propagation::full_precision)
                QTest::newRow(method.id.c_str()) << QString::fromStdString(method.id);
    }
    void oneRowOrOneColumn() {
        const auto& method = current();
        for (const bool one_row : {true, false}) {
            auto block = MemoryBlock::small();
            auto& weight = block.weights[LinearRole::o_proj];
            weight = one_row ? testMatrix(1, 16, 3) : testMatrix(16, 1, 3);
            if (!one_row) block.setInputs(InputSite::attention_output, {testMatrix(20, 1, 4)});
            const auto result = run(method, block);
            QVERIFY2(result.has_value(), result ? "" : result.error().message.c_str());
            QVERIFY(result->linears[static_cast<std::size_t>(LinearRole::o_proj)]->validate("test").has_value());
        }
    }
    void bitsAreCounted() {
        auto block = MemoryBlock::small();
        const auto result = run(**findMethod("rtn"), block, {{"group_size", std::int64_t{8}}});
        QVERIFY(result.has_value());
        QCOMPARE(result->linears[0]->bitsPerWeight(), 4.0 + (32.0 + 4.0) / 8.0);
        const auto symmetric =
            run(**findMethod("rtn"), block,
                {{"group_size", std::int64_t{8}}, {"sym", true}, {"scale_dtype", std::string("float16")}});
        QCOMPARE(symmetric->linears[0]->bitsPerWeight(), 4.0 + 16.0 / 8.0);
    }
};
QTEST_APPLESS_MAIN(MethodsContractTest)
#include "methods_contract_test.moc"
