// If this fails, a number in the heatmap is not what its tooltip says it is.
#include <omp.h>

#include <QTest>
#include <algorithm>
#include <cmath>
#include <random>

#include "core/analysis/analyse_linear.h"
#include "core/analysis/compare.h"

using namespace quantoscope;

namespace {

/// W = ((1, -2), (3, 0.5)); the grid has scale 1 and zero point 8, codes give W_q = ((1, -2), (2, 1)), so D = ((0, 0),
/// (1, -0.5)).
Matrix smallWeight() {
    Matrix weight(2, 2);
    weight.values = {1.0F, -2.0F, 3.0F, 0.5F};
    return weight;
}
QuantizedTensor smallTensor() {
    QuantizedTensor tensor;
    tensor.rows = tensor.columns = 2;
    tensor.bits = 4;
    tensor.group_size = 2;
    tensor.codes = {9, 6, 10, 9};
    tensor.scales = Matrix(2, 1);
    tensor.scales.values = {1.0F, 1.0F};
    tensor.zero_points = Matrix(2, 1);
    tensor.zero_points.values = {8.0F, 8.0F};
    tensor.symmetric = true;
    return tensor;
}
/// Two tokens, x = (1, 2) and (3, 0): G = ((10, 2), (2, 4)).
SiteStatistics smallStatistics() {
    SiteStatistics statistics;
    statistics.gram = Matrix(2, 2);
    statistics.gram.values = {10.0F, 2.0F, 2.0F, 4.0F};
    statistics.token_count = 2;
    statistics.sequence_count = 1;
    return statistics;
}

void compareNear(double found, double expected) {
    QVERIFY2(std::fabs(found - expected) <= 1e-6 * std::max(1.0, std::fabs(expected)),
             qPrintable(QString("%1 instead of %2").arg(found, 0, 'g', 10).arg(expected, 0, 'g', 10)));
}

QuantizedTensor roundedToNearest(const Matrix& weight, int bits) {
    QuantizedTensor tensor;
    tensor.rows = weight.rows;
    tensor.columns = tensor.group_size = weight.columns;
    tensor.bits = bits;
    tensor.scales = Matrix(weight.rows, 1);
    tensor.zero_points = Matrix(weight.rows, 1);
    const int levels = 1 << bits;
    for (std::int64_t i = 0; i < weight.rows; ++i) {
        tensor.scales.at(i, 0) = 8.0F / static_cast<float>(levels);
        tensor.zero_points.at(i, 0) = static_cast<float>(levels / 2);
        for (const float value : weight.row(i))
            tensor.codes.push_back(static_cast<std::uint8_t>(std::clamp(
                std::lround(value / tensor.scales.at(i, 0)) + levels / 2, 0L, static_cast<long>(levels - 1))));
    }
    return tensor;
}

Matrix normalMatrix(std::int64_t rows, std::int64_t columns) {
    std::mt19937 random(7);
    std::normal_distribution<float> normal;
    Matrix matrix(rows, columns);
    for (auto& value : matrix.values) value = normal(random);
    return matrix;
}

}  // namespace

class MetricsTest : public QObject {
    Q_OBJECT
private slots:
    void everyMetricIsWhatItsDefinitionSays() {
        const SiteStatistics statistics = smallStatistics();
        const auto record = analyseLinear(LinearRole::q_proj, smallWeight(), smallTensor(), &statistics, JobContext());
        QVERIFY2(record.has_value(), record ? "" : record.error().message.c_str());
        auto metrics = record->metrics;
        compareNear(metrics["weight_mse"], 1.25 / 4);
        compareNear(metrics["relative_weight_error"], std::sqrt(1.25 / 14.25));
        compareNear(metrics["weight_sqnr"], 10 * std::log10(14.25 / 1.25));
        compareNear(metrics["effective_bits"], std::log2(std::sqrt(14.25 / 1.25)));
        compareNear(metrics["cosine"], (1 + 4 + 6 + 0.5) / std::sqrt(14.25 * 10.0));
        compareNear(metrics["max_error"], 1.0);
        // tr(D G D^T) = 10 - 2 * 2 * 0.5 + 0.25 * 4 = 9; tr(W G W^T) = (10 - 8 + 16) + (90 + 6 + 1) = 115.
        compareNear(metrics["output_mse"], 9.0 / (2 * 2));
        compareNear(metrics["relative_output_error"], 9.0 / 115.0);
        compareNear(metrics["output_sqnr"], 10 * std::log10(115.0 / 9.0));
        // mean 0.625, central moments of (0.375, -2.625, 2.375, -0.125)
        const double variance = (0.375 * 0.375 + 2.625 * 2.625 + 2.375 * 2.375 + 0.125 * 0.125) / 4;
        const double fourth = (std::pow(0.375, 4) + std::pow(2.625, 4) + std::pow(2.375, 4) + std::pow(0.125, 4)) / 4;
        compareNear(metrics["kurtosis"], fourth / (variance * variance));
        compareNear(metrics["outlier_share"], 0.0);
        compareNear(metrics["bits_per_weight"], smallTensor().bitsPerWeight());
        for (const auto& [id, value] : metrics) QVERIFY2(findMetric(id) != nullptr, id.c_str());
        QCOMPARE(metrics.size(),
                 linearMetrics().size() - 1);  // all but the inherited error, which the pipeline measures
        QCOMPARE(record->channel_error, (std::vector<float>{0.5F, 0.125F}));
    }
    void theOutputErrorIsThatOfTheTokensThemselves() {
        // The same number from X directly: mean over tokens and rows of (x D^T)^2.
        const Matrix weight = normalMatrix(20, 37);
        const Matrix inputs = normalMatrix(50, 37);
        SiteStatistics statistics;
        statistics.gram = Matrix(37, 37);
        statistics.token_count = 50;
        for (std::int64_t t = 0; t < 50; ++t)
            for (std::int64_t j = 0; j < 37; ++j)
                for (std::int64_t k = 0; k < 37; ++k) statistics.gram.at(j, k) += inputs.at(t, j) * inputs.at(t, k);
        const QuantizedTensor tensor = roundedToNearest(weight, 3);
        const Matrix rounded = tensor.dequantizeUnfolded();
        double noise = 0.0;
        for (std::int64_t t = 0; t < 50; ++t)
            for (std::int64_t i = 0; i < 20; ++i) {
                double output = 0.0;
                for (std::int64_t j = 0; j < 37; ++j)
                    output += static_cast<double>(inputs.at(t, j)) * (weight.at(i, j) - rounded.at(i, j));
                noise += output * output;
            }
        auto record = analyseLinear(LinearRole::up_proj, weight, tensor, &statistics, JobContext());
        QVERIFY(record.has_value());
        QVERIFY(std::fabs(record->metrics["output_mse"] / (noise / (50 * 20)) - 1) < 1e-5);
    }
    void withoutDataOnlyWeightMetricsAreThere() {
        const auto record = analyseLinear(LinearRole::q_proj, smallWeight(), smallTensor(), nullptr, JobContext());
        QVERIFY(record.has_value());
        QVERIFY(!record->metrics.contains("output_mse"));
        QVERIFY(record->metrics.contains("cosine"));
        QCOMPARE(record->salience.size(), std::size_t{1});
    }
    void aWrongShapeIsRefusedAndAStopIsHeard() {
        Matrix weight(3, 2);
        QVERIFY(!analyseLinear(LinearRole::q_proj, weight, smallTensor(), nullptr, JobContext()).has_value());
        std::stop_source source;
        source.request_stop();
        const auto stopped =
            analyseLinear(LinearRole::q_proj, smallWeight(), smallTensor(), nullptr, JobContext(source.get_token()));
        QVERIFY(!stopped.has_value() && stopped.error().kind == ErrorKind::cancelled);
    }
    void everyBitHelps() {
        const Matrix weight = normalMatrix(64, 96);
        double before = 1.0;
        for (const int bits : {2, 3, 4, 8}) {
            auto record =
                analyseLinear(LinearRole::o_proj, weight, roundedToNearest(weight, bits), nullptr, JobContext());
            QVERIFY(record.has_value());
            QVERIFY(record->metrics["relative_weight_error"] < before);
            before = record->metrics["relative_weight_error"];
            std::uint64_t counted = 0;
            for (const auto count : record->histogram.quantized_counts) counted += count;
            QCOMPARE(counted, std::uint64_t{64 * 96});
            QCOMPARE(record->histogram.grid_levels.size(), std::size_t{1} << bits);
        }
    }
    void salienceSharesAndRangesAreTheDefinitions() {
        const SiteStatistics statistics = smallStatistics();
        const std::vector<float> inverse{0.5F, 0.25F};
        auto record =
            analyseLinear(LinearRole::q_proj, smallWeight(), smallTensor(), &statistics, JobContext(), &inverse);
        QVERIFY(record.has_value());
        QCOMPARE(record->salience.size(), salienceDefinitions().size());
        // |w|: columns sum to 4 and 2.5; |w| rms: times sqrt(5) and sqrt(2); w^2 / h: 10 / 0.5 and 4.25 / 0.25
        compareNear(record->salience["magnitude"].channel_share[0], 4.0 / 6.5);
        const double first = 4.0 * std::sqrt(5.0), second = 2.5 * std::sqrt(2.0);
        compareNear(record->salience["activation_weighted"].channel_share[0], first / (first + second));
        compareNear(record->salience["hessian_diagonal"].channel_share[0], 20.0 / 37.0);
        compareNear(record->salience["magnitude"].minimum, std::log10(0.5));
        compareNear(record->salience["magnitude"].maximum, std::log10(3.0));
        compareNear(record->salience["hessian_diagonal"].maximum, std::log10(9.0 / 0.5));
        for (const auto& [id, summary] : record->salience) {
            std::uint64_t counted = 0;
            for (const auto count : summary.log_score_counts) counted += count;
            QCOMPARE(counted, std::uint64_t{4});
        }
    }
    void theInverseDiagonalIsThatOfTheDampedHessian() {
        const SiteStatistics statistics = smallStatistics();  // H = ((5, 1), (1, 2)) + 0.035 I
        const auto diagonal = inverseHessianDiagonal(statistics, JobContext());
        QVERIFY2(diagonal.has_value(), diagonal ? "" : diagonal.error().message.c_str());
        const double determinant = 5.035 * 2.035 - 1.0;
        compareNear((*diagonal)[0], 2.035 / determinant);
        compareNear((*diagonal)[1], 5.035 / determinant);
    }
    void resultsDoNotDependOnTheNumberOfThreads() {
        const Matrix weight = normalMatrix(70, 130);
        const QuantizedTensor tensor = roundedToNearest(weight, 3);
        const int threads = omp_get_max_threads();
        omp_set_num_threads(1);
        const auto once = analyseLinear(LinearRole::q_proj, weight, tensor, nullptr, JobContext());
        omp_set_num_threads(3);
        const auto again = analyseLinear(LinearRole::q_proj, weight, tensor, nullptr, JobContext());
        omp_set_num_threads(threads);
        QVERIFY(once->metrics == again->metrics);
        QVERIFY(once->histogram.original_counts == again->histogram.original_counts);
    }
};
QTEST_APPLESS_MAIN(MetricsTest)
#include "metrics_test.moc"
