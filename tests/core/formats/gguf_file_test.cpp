// If this fails, GGUF models are computed with wrong values or wrong rows.
#include "core/formats/gguf/gguf_file.h"

#include <QCryptographicHash>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <array>
#include <set>

#include "core/formats/safetensors_file.h"
#include "core/formats/weights/stored_tensor.h"
#include "tests/support/test_files.h"

using namespace quantoscope;

namespace {

QJsonObject tensorsOf(const QString& path) {
    QFile file(path);
    [[maybe_unused]] const bool open = file.open(QIODevice::ReadOnly);
    return QJsonDocument::fromJson(file.readAll())["tensors"].toObject();
}

std::vector<float> valuesOf(const GgufFile& file, const GgufFile::Tensor& tensor) {
    std::uint64_t count = 1;
    for (const auto dimension : tensor.shape) count *= static_cast<std::uint64_t>(dimension);
    std::vector<float> values(count);
    const auto bytes = file.map()->bytes().subspan(tensor.offset, tensor.bytes);
    return convertToFloat(tensor.dtype, bytes, 0, values) ? values : std::vector<float>();
}

/// Every golden tensor: sampled values exactly, and the hash of all of them where the file gives one.
int compareAll(const QString& gguf, const QString& golden, const char* positions) {
    const auto file = GgufFile::open(gguf.toStdString());
    if (!file) return -1;
    const auto expected = tensorsOf(golden);
    int compared = 0;
    for (const auto& tensor : (*file)->tensors()) {
        const auto row = expected[QString::fromStdString(tensor.name)].toObject();
        if (!traits(tensor.dtype).readable_as_float || row.isEmpty()) continue;
        const auto values = valuesOf(**file, tensor);
        const auto where = row[positions].toArray();
        const auto wanted = row["values"].toArray();
        for (qsizetype i = 0; i < where.size(); ++i)
            if (values.at(static_cast<std::size_t>(where[i].toInteger())) != static_cast<float>(wanted[i].toDouble()))
                return -2;
        const QByteArray bytes(reinterpret_cast<const char*>(values.data()), static_cast<qsizetype>(4 * values.size()));
        const auto hash = row["dequantized_fp32_le_sha256"].toString();
        if (!hash.isEmpty() && QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex() != hash.toLatin1())
            return -3;
        ++compared;
    }
    return compared;
}

}  // namespace

class GgufFileTest : public QObject {
    Q_OBJECT
private slots:
    void everyBlockTypeGivesTheGoldenValues() {
        QS_SHARED_FILE(gguf, "golden/gguf-types/all-types.gguf");
        QS_SHARED_FILE(golden, "golden/gguf-types/golden.json");
        QCOMPARE(compareAll(gguf, golden, "positions"), 18);
    }
    void aMixedModelGivesTheGoldenValues() {
        QS_SHARED_FILE(gguf, "golden/llama-tied-tiny/llama-tied-tiny-mixed.gguf");
        QS_SHARED_FILE(golden, "golden/llama-tied-tiny/golden-gguf.json");
        QCOMPARE(compareAll(gguf, golden, "positions_in_gguf_order"), 29);
    }
    void keysAreReadByKind() {
        QS_SHARED_FILE(gguf, "golden/llama-tied-tiny/llama-tied-tiny-mixed.gguf");
        const auto file = GgufFile::open(gguf.toStdString());
        QVERIFY(file.has_value());
        QCOMPARE((*file)->version(), 3U);
        QCOMPARE((*file)->text("general.architecture"), std::optional<std::string>("llama"));
        QCOMPARE((*file)->integer("llama.block_count"), std::optional<std::int64_t>(3));
        QCOMPARE((*file)->real("llama.attention.layer_norm_rms_epsilon"), std::optional<double>(1e-5));
        QCOMPARE((*file)->boolean("tokenizer.ggml.add_bos_token"), std::optional<bool>(true));
        QVERIFY(!(*file)->integer("general.architecture").has_value());
        const auto tokens = (*file)->textArray("tokenizer.ggml.tokens");
        QVERIFY(tokens.has_value());
        QCOMPARE(tokens->size(), std::size_t{2048});
        QCOMPARE(tokens->front(), std::string("!"));
        QCOMPARE((*file)->integerArray("tokenizer.ggml.token_type")->size(), std::size_t{2048});
        QVERIFY(!(*file)->textArray("tokenizer.ggml.token_type").has_value());
        QVERIFY(!(*file)->textArray("no.such.key").has_value());
    }
    void rowsArePutBackInHuggingFaceOrder() {
        // Two heads of 6 rows: writing GGUF takes HF rows 0 3 1 4 2 5 | 6 9 7 10 8 11; reading must undo it.
        const std::array<std::int64_t, 12> written{0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11};
        for (std::int64_t row = 0; row < 12; ++row) QCOMPARE(written[static_cast<std::size_t>(pairedRow(row, 6))], row);
        for (const std::int64_t head_dim : {2, 8, 64, 128}) {
            std::set<std::int64_t> seen;
            for (std::int64_t row = 0; row < 4 * head_dim; ++row) seen.insert(pairedRow(row, head_dim));
            QCOMPARE(seen.size(), static_cast<std::size_t>(4 * head_dim));
        }
    }
};
QTEST_APPLESS_MAIN(GgufFileTest)
#include "gguf_file_test.moc"
