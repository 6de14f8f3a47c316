// If this fails, RTN or GPTQ on a real layer no longer gives the codes of the original programs.
#include <QCryptographicHash>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <cmath>

#include "core/formats/model_files.h"
#include "core/methods/method.h"
#include "tests/support/memory_block.h"
#include "tests/support/test_files.h"

using namespace quantoscope;
using namespace quantoscope::test;

namespace {

constexpr auto kRole = LinearRole::k_proj;
constexpr std::int64_t kColumns = 576;
constexpr std::int64_t kSequences = 64;

QJsonObject readJson(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {};
    return QJsonDocument::fromJson(file.readAll()).object();
}

Result<Matrix> exampleWeight() {
    QS_ASSIGN(const auto model, ModelFiles::open(exampleModel().toStdString()));
    QS_ASSIGN(const auto weights, model->weights(WeightDType::bfloat16));
    return weights->readMatrix("model.layers.0.self_attn.k_proj.weight");
}

/// A block whose k_proj is the model's and whose other linears are one row of zeros.
MemoryBlock blockOf(const Matrix& weight) {
    MemoryBlock block;
    block.configuration.hidden_size = kColumns;
    for (const auto role : kLinearRoles) {
        block.weights[role] = role == kRole ? weight : Matrix(1, inputSite(role) == inputSite(kRole) ? kColumns : 1);
        if (inputSite(role) != inputSite(kRole)) block.setInputs(inputSite(role), {testMatrix(4, 1, 1)});
    }
    return block;
}

Result<Matrix> storedHessian(const QString& path) {
    QFile file(path);
    Matrix h(kColumns, kColumns);
    const auto bytes = static_cast<qint64>(h.values.size() * sizeof(float));
    if (!file.open(QIODevice::ReadOnly) || file.size() != bytes ||
        file.read(reinterpret_cast<char*>(h.values.data()), bytes) != bytes)
        return failure("the stored matrix cannot be read");
    return h;
}

QuantizedTensor quantized(const char* id, MemoryBlock& block, const OptionValues& changes) {
    const auto* method = *findMethod(id);
    JobContext job;
    auto result = method->quantize_block(block, optionsOf(*method, changes), job);
    if (!result) qFatal("%s", result.error().message.c_str());
    return std::move(*result->linears[static_cast<std::size_t>(kRole)]);
}

double traceOf(const Matrix& original, const Matrix& rounded, const Matrix& h) {
    double trace = 0.0;
    std::vector<double> d(static_cast<std::size_t>(kColumns));
    for (std::int64_t i = 0; i < original.rows; ++i) {
        for (std::int64_t j = 0; j < kColumns; ++j)
            d[static_cast<std::size_t>(j)] =
                static_cast<double>(original.at(i, j)) - static_cast<double>(rounded.at(i, j));
        for (std::int64_t j = 0; j < kColumns; ++j) {
            double sum = 0.0;
            for (std::int64_t k = 0; k < kColumns; ++k)
                sum += static_cast<double>(h.at(j, k)) * d[static_cast<std::size_t>(k)];
            trace += sum * d[static_cast<std::size_t>(j)];
        }
    }
    return trace;
}

}  // namespace

class GoldenLinearTest : public QObject {
    Q_OBJECT
    Matrix weight_;

private slots:
    void initTestCase() {
        if (exampleModel().isEmpty()) QSKIP("needs the example model");
        auto weight = exampleWeight();
        QVERIFY2(weight.has_value(), weight ? "" : weight.error().message.c_str());
        weight_ = std::move(*weight);
    }

    void roundToNearestIsExact() {
        QS_SHARED_FILE(path, "golden/smollm2/lin_rtn_nf4.json");
        int checked = 0;
        for (const auto& entry : readJson(path)["values"].toArray()) {
            const auto object = entry.toObject();
            for (const auto& [key, variant] : {std::pair{"gptq_rtn", "G"}, std::pair{"awq_rtn", "A"}}) {
                if (!object.contains(key)) continue;
                auto block = blockOf(weight_);
                const auto tensor = quantized("rtn", block,
                                              {{"bits", static_cast<std::int64_t>(object["bits"].toInt())},
                                               {"group_size", static_cast<std::int64_t>(object["group"].toInt())},
                                               {"variant", std::string(variant)}});
                const auto values = tensor.dequantize();
                const auto hash = QCryptographicHash::hash(
                    QByteArrayView(reinterpret_cast<const char*>(values.values.data()),
                                   static_cast<qsizetype>(values.values.size() * sizeof(float))),
                    QCryptographicHash::Sha256);
                QCOMPARE(QString::fromLatin1(hash.toHex()), object[key].toObject()["sha256_f32"].toString());
                ++checked;
            }
        }
        QVERIFY(checked >= 16);
    }

    void gptqAgreesWithTheOriginal() {
        QS_SHARED_FILE(path, "golden/smollm2/gptq_linear.json");
        QS_SHARED_FILE(hessian_path, "golden/smollm2/layer0_k_proj_H.f32");
        const auto h = storedHessian(hessian_path);
        QVERIFY(h.has_value());
        int checked = 0;
        for (const auto& entry : readJson(path)["values"].toObject()["runs"].toArray()) {
            const auto run = entry.toObject();
            auto block = blockOf(weight_);
            auto& statistics = block.site_statistics[inputSite(kRole)];
            statistics.gram = *h;
            for (auto& value : statistics.gram.values) value *= static_cast<float>(kSequences) / 2.0F;
            statistics.sequence_count = kSequences;
            const auto tensor = quantized("gptq", block,
                                          {{"bits", static_cast<std::int64_t>(run["bits"].toInt())},
                                           {"group_size", static_cast<std::int64_t>(run["group"].toInt())},
                                           {"desc_act", run["act_order"].toBool()},
                                           {"static_groups", run["static_groups"].toBool()}});
            const double trace = traceOf(weight_, tensor.dequantize(), *h);
            QVERIFY2(std::fabs(trace / run["trace_DHD"].toDouble() - 1.0) < 1e-3,
                     qPrintable(QString::number(trace, 'g', 9)));
            if (run.contains("codes")) compareCodes(tensor, run);
            ++checked;
        }
        QCOMPARE(checked, 6);
    }

private:
    static void compareCodes(const QuantizedTensor& tensor, const QJsonObject& run) {
        const auto rows = run["codes"].toArray();
        std::int64_t different = 0;
        for (std::int64_t i = 0; i < tensor.rows; ++i) {
            const auto digits = rows[i].toString();
            for (std::int64_t j = 0; j < tensor.columns; ++j) {
                const int expected = QString(digits[j]).toInt(nullptr, 16);
                different += tensor.codes[static_cast<std::size_t>(i * tensor.columns + j)] != expected ? 1 : 0;
            }
        }
        qInfo("codes that differ: %lld of %lld", static_cast<long long>(different),
              static_cast<long long>(tensor.rows * tensor.columns));
        QVERIFY(different * 200 <= tensor.rows * tensor.columns);
        const auto scales = run["scales"].toArray();
        std::int64_t far = 0;
        for (std::int64_t i = 0; i < tensor.rows; ++i)
            for (std::int64_t g = 0; g < tensor.groupCount(); ++g)
                far += std::fabs(static_cast<double>(tensor.scales.at(i, g)) / scales[i].toArray()[g].toDouble() -
                                 1.0) > 1e-4
                           ? 1
                           : 0;
        QVERIFY2(far * 200 <= tensor.rows * tensor.groupCount(), qPrintable(QString::number(far)));
    }
};
QTEST_APPLESS_MAIN(GoldenLinearTest)
#include "golden_linear_test.moc"
