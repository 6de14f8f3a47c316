// If this fails, "inherited from earlier blocks" is not what the blocks before did to a linear's input, or a resumed
// run says another number than one that was not stopped.
#include "core/pipeline/inherited_errors.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "core/formats/model_files.h"
#include "core/methods/method.h"
#include "core/model/language_model.h"
#include "core/pipeline/block_stream.h"
#include "tests/support/tiny_model.h"

using namespace quantoscope;

namespace {

using Sites = std::array<Matrix, 4>;

Sites sitesOf(const DecoderBlock& block, const Activations& input) {
    Sites seen;
    JobContext job;
    const auto status = block.forward(
        input, nullptr,
        [&](const SiteInput& rows) -> Status {
            Matrix copy(rows.rows, rows.columns);
            std::copy_n(rows.float32, copy.values.size(), copy.values.begin());
            seen[static_cast<std::size_t>(rows.site)] = std::move(copy);
            return {};
        },
        job, InputSite::mlp_hidden);
    if (!status) qFatal("%s", status.error().message.c_str());
    return seen;
}

/// sum over tokens of |W x|^2, with x less `without` where that is given.
double plainEnergy(const Matrix& weight, const Matrix& inputs, const Matrix* without) {
    double sum = 0.0;
    for (std::int64_t t = 0; t < inputs.rows; ++t)
        for (std::int64_t i = 0; i < weight.rows; ++i) {
            double output = 0.0;
            for (std::int64_t j = 0; j < weight.columns; ++j) {
                const double x = static_cast<double>(inputs.at(t, j)) -
                                 (without != nullptr ? static_cast<double>(without->at(t, j)) : 0.0);
                output += x * static_cast<double>(weight.at(i, j));
            }
            sum += output * output;
        }
    return sum;
}

}  // namespace

class InheritedErrorsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        const auto model = std::filesystem::path(folder_.path().toStdString()) / "model";
        QVERIFY(test::writeTinyModel(model, {.block_count = 3}).has_value());
        const auto files = ModelFiles::open(model.string());
        QVERIFY2(files.has_value(), files ? "" : files.error().message.c_str());
        const auto weights = (*files)->weights(WeightDType::bfloat16);
        QVERIFY(weights.has_value());
        weights_ = *weights;
        std::vector<std::vector<std::int32_t>> windows(2, std::vector<std::int32_t>(48));
        std::int32_t next = 3;
        for (auto& window : windows)
            for (auto& id : window) id = next = (next * 31 + 7) % 256;
        auto embedded = embedTokens(*weights_, windows);
        QVERIFY(embedded.has_value());
        embedded_ = std::move(*embedded);
    }
    void itIsWhatTheBlocksBeforeDidToTheInput() {
        InheritedErrors inherited(weights_, Precision::float32, embedded_);
        inherited.follow("coarse");
        inherited.follow("original");
        JobContext job;
        QVERIFY(inherited.enterBlock(0, job).has_value());
        QVERIFY(inherited.of("coarse") != nullptr && inherited.of("nobody") == nullptr);
        for (const double value : *inherited.of("coarse")) QCOMPARE(value, 0.0);
        const auto quantized = quantizedBlock(0);
        // One after the other through the same block: what the first puts in must not be there for the second.
        QVERIFY(inherited.advance("coarse", quantized, job).has_value());
        QVERIFY(inherited.advance("original", {}, job).has_value());
        QVERIFY(inherited.enterBlock(1, job).has_value());
        for (const double value : *inherited.of("original")) QCOMPARE(value, 0.0);

        Activations first(1, embedded_.sequence_length, embedded_.hidden_size);
        std::ranges::copy(embedded_.sequence(0), first.values.begin());
        Activations plain;
        Activations changed;
        auto block = DecoderBlock::load(*weights_, 0, Precision::float32);
        QVERIFY(block.has_value());
        QVERIFY(block->forward(first, &plain, {}, job).has_value());
        for (const auto role : kLinearRoles)
            QVERIFY(
                block->setLinear(role, quantized.linears[static_cast<std::size_t>(role)]->dequantize()).has_value());
        QVERIFY(block->forward(first, &changed, {}, job).has_value());
        const auto second = DecoderBlock::load(*weights_, 1, Precision::float32);
        QVERIFY(second.has_value());
        const auto expected = sitesOf(*second, plain);
        const auto seen = sitesOf(*second, changed);
        for (const auto role : kLinearRoles) {
            const auto site = static_cast<std::size_t>(inputSite(role));
            const auto weight = weights_->readMatrix(linearPath(1, role) + ".weight");
            QVERIFY(weight.has_value());
            const double ratio =
                plainEnergy(*weight, seen[site], &expected[site]) / plainEnergy(*weight, expected[site], nullptr);
            const double found = (*inherited.of("coarse"))[static_cast<std::size_t>(role)];
            QVERIFY(ratio > 1e-4);
            QVERIFY2(std::fabs(found / ratio - 1.0) < 1e-4, qPrintable(QString("%1 and %2").arg(found).arg(ratio)));
        }
        inherited.leave("coarse");
        QVERIFY(inherited.of("coarse") == nullptr);
    }

private:
    /// Round to nearest at 2 bits, whichever method of the registry needs no data.
    QuantizedBlock quantizedBlock(std::int64_t index) {
        BlockStream stream(weights_, Precision::float32, embedded_);
        stream.enterBlock(index);
        StreamContext context(stream, StreamContext::Access::shared);
        JobContext job;
        for (const auto& method : methods()) {
            if (method.propagation != Propagation::none) continue;
            OptionValues options;
            for (const auto& option : method.options) options[option.id] = option.default_value;
            options["bits"] = std::int64_t{2};
            auto block = method.quantize_block(context, options, job);
            if (!block) qFatal("%s", block.error().message.c_str());
            return std::move(*block);
        }
        return {};
    }

    QTemporaryDir folder_;
    std::shared_ptr<const WeightSource> weights_;
    Activations embedded_;
};

QTEST_APPLESS_MAIN(InheritedErrorsTest)
#include "inherited_errors_test.moc"
