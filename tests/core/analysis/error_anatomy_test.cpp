// If this fails, "Where the error comes from" blames the wrong cause: its parts are not those docs/error-anatomy.md
// defines, or do not add up to the output error beside them.
#include <QTest>
#include <algorithm>
#include <cmath>
#include <random>

#include "core/analysis/analyse_linear.h"
#include "core/analysis/group_weights.h"

using namespace quantoscope;

namespace {

constexpr std::int64_t kRows = 24;
constexpr std::int64_t kColumns = 40;
constexpr std::int64_t kLoud = 7;  // the input channel that is an outlier

struct Example {
    Matrix weight{kRows, kColumns};
    QuantizedTensor quantized;
    SiteStatistics statistics;
};

/// Round to nearest on a grid that ends before the largest weights, so that some are clipped; one loud channel.
Example example(bool permuted, bool folded) {
    std::mt19937 random(11);
    std::normal_distribution<float> normal;
    Example made;
    for (auto& value : made.weight.values) value = normal(random);
    auto& tensor = made.quantized;
    tensor.rows = kRows;
    tensor.columns = kColumns;
    tensor.bits = 3;
    tensor.group_size = 16;  // the last group is short
    tensor.scales = Matrix(kRows, 3);
    tensor.zero_points = Matrix(kRows, 3);
    for (auto& scale : tensor.scales.values) scale = 0.4F;
    for (auto& zero : tensor.zero_points.values) zero = 4.0F;
    if (permuted)
        for (std::int32_t j = 0; j < kColumns; ++j) tensor.group_index.push_back((j * 7 + 3) % 3);
    if (folded) {
        for (int j = 0; j < kColumns; ++j) tensor.input_scale.push_back(j % 2 == 0 ? 0.5F : 1.5F);
        tensor.output_scale.assign(kRows, 1.25F);
    }
    for (std::int64_t i = 0; i < kRows; ++i)
        for (std::int64_t j = 0; j < kColumns; ++j) {
            const float scaled = folded ? made.weight.at(i, j) * tensor.input_scale[static_cast<std::size_t>(j)] / 1.25F
                                        : made.weight.at(i, j);
            tensor.codes.push_back(static_cast<std::uint8_t>(std::clamp(std::lround(scaled / 0.4F) + 4L, 0L, 7L)));
        }
    made.statistics.gram = Matrix(kColumns, kColumns);
    made.statistics.token_count = 60;
    for (int t = 0; t < 60; ++t) {
        std::vector<float> x(kColumns);
        for (auto& value : x) value = normal(random);
        x[kLoud] *= 20.0F;
        for (std::int64_t j = 0; j < kColumns; ++j)
            for (std::int64_t k = 0; k < kColumns; ++k)
                made.statistics.gram.at(j, k) += x[static_cast<std::size_t>(j)] * x[static_cast<std::size_t>(k)];
    }
    return made;
}

/// The definitions in docs/error-anatomy.md, one weight after the other.
struct Parts {
    double clipping = 0.0;
    double outlier = 0.0;
    double rounding = 0.0;
    double interaction = 0.0;
    double clipped = 0.0;
};
Parts plainParts(const Example& made) {
    const auto& tensor = made.quantized;
    const auto& gram = made.statistics.gram;
    const Matrix quantized = tensor.dequantizeUnfolded();
    double signal = 0.0;
    Parts parts;
    for (std::int64_t i = 0; i < kRows; ++i)
        for (std::int64_t j = 0; j < kColumns; ++j) {
            const double d = static_cast<double>(made.weight.at(i, j)) - static_cast<double>(quantized.at(i, j));
            for (std::int64_t k = 0; k < kColumns; ++k) {
                const double g = static_cast<double>(gram.at(j, k));
                signal += static_cast<double>(made.weight.at(i, j)) * g * static_cast<double>(made.weight.at(i, k));
                if (k != j)
                    parts.interaction +=
                        d * g * (static_cast<double>(made.weight.at(i, k)) - static_cast<double>(quantized.at(i, k)));
            }
            double folded = static_cast<double>(made.weight.at(i, j));
            if (!tensor.input_scale.empty())
                folded *= static_cast<double>(tensor.input_scale[static_cast<std::size_t>(j)]) / 1.25;
            const double steps = folded / static_cast<double>(0.4F);  // levels at -4 .. 3 steps
            const double part = d * d * static_cast<double>(gram.at(j, j));
            if (steps < -4.501 || steps > 3.501) {
                parts.clipping += part;
                parts.clipped += 1.0 / (kRows * kColumns);
            } else if (j == kLoud) {
                parts.outlier += part;
            } else {
                parts.rounding += part;
            }
        }
    for (auto* part : {&parts.clipping, &parts.outlier, &parts.rounding, &parts.interaction}) *part /= signal;
    return parts;
}

void compareNear(double found, double expected) {
    QVERIFY2(std::fabs(found - expected) <= 1e-5 * std::max(1e-3, std::fabs(expected)),
             qPrintable(QString("%1 instead of %2").arg(found, 0, 'g', 10).arg(expected, 0, 'g', 10)));
}

}  // namespace

class ErrorAnatomyTest : public QObject {
    Q_OBJECT
private slots:
    void partsAreTheDefinitionsAndAddUp_data() {
        QTest::addColumn<bool>("permuted");
        QTest::addColumn<bool>("folded");
        QTest::newRow("consecutive groups") << false << false;
        QTest::newRow("groups by index") << true << false;
        QTest::newRow("rescaled channels") << false << true;
        QTest::newRow("both") << true << true;
    }
    void partsAreTheDefinitionsAndAddUp() {
        QFETCH(bool, permuted);
        QFETCH(bool, folded);
        const auto made = example(permuted, folded);
        const auto record =
            analyseLinear(LinearRole::q_proj, made.weight, made.quantized, &made.statistics, JobContext());
        QVERIFY2(record.has_value(), record ? "" : record.error().message.c_str());
        auto metrics = record->metrics;
        const auto expected = plainParts(made);
        QVERIFY(expected.clipping > 0.0 && expected.outlier > 0.0 && expected.rounding > 0.0);
        compareNear(metrics["clipping_error"], expected.clipping);
        compareNear(metrics["outlier_channel_error"], expected.outlier);
        compareNear(metrics["rounding_error"], expected.rounding);
        compareNear(metrics["channel_interaction"], expected.interaction);
        compareNear(metrics["clipped_share"], expected.clipped);
        QCOMPARE(metrics["outlier_channels"], 1.0);
        compareNear(metrics["clipping_error"] + metrics["outlier_channel_error"] + metrics["rounding_error"] +
                        metrics["channel_interaction"],
                    metrics["relative_output_error"]);
    }
    void withoutDataOnlyTheCountOfClippedWeightsIsThere() {
        const auto made = example(false, false);
        const auto record = analyseLinear(LinearRole::q_proj, made.weight, made.quantized, nullptr, JobContext());
        QVERIFY(record.has_value());
        QVERIFY(record->metrics.contains("clipped_share"));
        for (const auto* id : {"clipping_error", "outlier_channel_error", "rounding_error", "channel_interaction"})
            QVERIFY2(!record->metrics.contains(id), id);
    }
    void aGroupsErrorIsThatOfItsWeights() {
        const auto made = example(true, false);
        const auto record = analyseLinear(LinearRole::q_proj, made.weight, made.quantized, nullptr, JobContext());
        QVERIFY(record.has_value());
        const Matrix quantized = made.quantized.dequantizeUnfolded();
        QCOMPARE(record->groups.mean_squared_error.size(), std::size_t{3});
        double clipped = 0.0;
        for (std::int64_t group = 0; group < 3; ++group) {
            double sum = 0.0;
            double count = 0.0;
            for (std::int64_t j = 0; j < kColumns; ++j) {
                QCOMPARE(record->groups.groupOf(j), made.quantized.groupOf(j));
                if (made.quantized.groupOf(j) != group) continue;
                for (std::int64_t i = 0; i < kRows; ++i)
                    sum += std::pow(static_cast<double>(made.weight.at(i, j) - quantized.at(i, j)), 2.0);
                count += static_cast<double>(kRows);
            }
            const auto index = static_cast<std::size_t>(group);
            compareNear(static_cast<double>(record->groups.mean_squared_error[index]), sum / count);
            clipped += static_cast<double>(record->groups.clipped_share[index]) * count / (kRows * kColumns);
        }
        compareNear(clipped, record->metrics.at("clipped_share"));
    }
    void singleWeightsStandOnTheirLevels() {
        const auto made = example(true, true);
        const auto weights = groupWeights(made.weight, made.quantized, 5, 2);
        QVERIFY2(weights.has_value(), weights ? "" : weights.error().message.c_str());
        QCOMPARE(weights->levels.size(), std::size_t{8});
        QVERIFY(weights->folded);
        const Matrix dequantized = made.quantized.dequantize();
        std::size_t next = 0;
        for (std::int64_t j = 0; j < kColumns; ++j) {
            if (made.quantized.groupOf(j) != 2) continue;
            QCOMPARE(weights->channels[next], j);
            QCOMPARE(weights->quantized[next], dequantized.at(5, j));
            QVERIFY(std::ranges::find(weights->levels, weights->quantized[next]) != weights->levels.end());
            const float scaled = made.weight.at(5, j) * made.quantized.input_scale[static_cast<std::size_t>(j)] / 1.25F;
            QCOMPARE(weights->original[next], scaled);
            if (!weights->clipped[next]) QVERIFY(std::fabs(scaled - weights->quantized[next]) <= 0.5F * 0.4F * 1.01F);
            ++next;
        }
        QCOMPARE(weights->channels.size(), next);
        QVERIFY(!groupWeights(made.weight, made.quantized, kRows, 0).has_value());
        QVERIFY(!groupWeights(made.weight, made.quantized, 0, 3).has_value());
        QVERIFY(!groupWeights(Matrix(2, 2), made.quantized, 0, 0).has_value());
    }
};

QTEST_APPLESS_MAIN(ErrorAnatomyTest)
#include "error_anatomy_test.moc"
