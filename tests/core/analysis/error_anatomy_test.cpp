// If this fails, a person is told that clipping broke a layer when rounding did, and turns the wrong knob.
#include "core/analysis/error_anatomy.h"

#include <QTest>
#include <cmath>
#include <numeric>

using namespace quantoscope;

namespace {

/// Two rows over one grid each: levels -2, -1, 0, 1 (scale 1, zero point 2, two bits).
QuantizedTensor gridOf(std::int64_t rows, std::int64_t columns) {
    QuantizedTensor tensor;
    tensor.rows = rows;
    tensor.columns = columns;
    tensor.bits = 2;
    tensor.group_size = columns;
    tensor.codes.assign(static_cast<std::size_t>(rows * columns), 2);
    tensor.scales = Matrix(rows, 1);
    tensor.scales.values.assign(static_cast<std::size_t>(rows), 1.0F);
    tensor.zero_points = Matrix(rows, 1);
    tensor.zero_points.values.assign(static_cast<std::size_t>(rows), 2.0F);
    return tensor;
}

Matrix matrixOf(std::int64_t rows, std::int64_t columns, std::vector<float> values) {
    Matrix matrix(rows, columns);
    matrix.values = std::move(values);
    return matrix;
}

double sumOf(const std::map<std::string, double>& metrics) {
    return std::accumulate(metrics.begin(), metrics.end(), 0.0,
                           [](double sum, const auto& entry) { return sum + entry.second; });
}

void isNear(double found, double wanted) {
    QVERIFY2(std::fabs(found - wanted) < 1e-6, qPrintable(QStringLiteral("%1, not %2").arg(found).arg(wanted)));
}

}  // namespace

class ErrorAnatomyTest : public QObject {
    Q_OBJECT

private slots:
    /// Rounded by 0.5 and 0.3, cut by 2 (3 -> 1), moved by 0.8 though 0.2 lies next to a level.
    void everyWeightHasOnePart() {
        const auto weight = matrixOf(1, 4, {0.5F, -0.7F, 3.0F, 0.2F});
        const auto error = matrixOf(1, 4, {0.5F, 0.3F, 2.0F, -0.8F});
        std::map<std::string, double> metrics;
        addErrorAnatomy(weight, error, gridOf(1, 4), nullptr, metrics);
        const double all = 0.25 + 0.09 + 4.0 + 0.64;
        isNear(metrics.at("rounding_share"), 0.34 / all);
        isNear(metrics.at("clipping_share"), 4.0 / all);
        isNear(metrics.at("compensation_share"), 0.64 / all);
        isNear(metrics.at("outlier_channel_share"), 0.0);
        isNear(sumOf(metrics), 1.0);
    }

    void loudChannelsAreToldApart() {
        const auto weight = matrixOf(1, 3, {0.4F, 0.4F, 0.4F});
        const auto error = matrixOf(1, 3, {0.4F, 0.4F, 0.4F});
        SiteStatistics statistics;
        statistics.gram = Matrix(3, 3);
        statistics.gram.at(0, 0) = 1.0F;
        statistics.gram.at(1, 1) = 1.0F;
        statistics.gram.at(2, 2) = 98.0F;
        statistics.token_count = 1;
        std::map<std::string, double> metrics;
        addErrorAnatomy(weight, error, gridOf(1, 3), &statistics, metrics);
        isNear(metrics.at("outlier_channel_share"), 0.98);
        isNear(metrics.at("rounding_share"), 0.02);
    }

    /// With columns scaled by 4 and the row by 2, the grid's step is half as wide in W's coordinates.
    void scaledChannelsAreMeasuredOnTheirOwnGrid() {
        auto tensor = gridOf(1, 2);
        tensor.input_scale = {4.0F, 1.0F};
        tensor.output_scale = {2.0F};
        const auto weight = matrixOf(1, 2, {0.9F, 0.9F});  // folded: 1.8 (beyond 1.5), 0.45
        const auto error = matrixOf(1, 2, {0.4F, 0.9F});   // folded: 0.8, 0.45
        std::map<std::string, double> metrics;
        addErrorAnatomy(weight, error, tensor, nullptr, metrics);
        isNear(metrics.at("clipping_share"), 0.16 / 0.97);
        isNear(metrics.at("rounding_share"), 0.81 / 0.97);
    }

    void withoutErrorThereIsNothingToTell() {
        const auto weight = matrixOf(1, 2, {1.0F, -1.0F});
        std::map<std::string, double> metrics;
        addErrorAnatomy(weight, Matrix(1, 2), gridOf(1, 2), nullptr, metrics);
        QVERIFY(metrics.empty());
        addErrorAnatomy(weight, matrixOf(1, 2, {NAN, 0.0F}), gridOf(1, 2), nullptr, metrics);
        QVERIFY(metrics.empty());
    }
};

QTEST_GUILESS_MAIN(ErrorAnatomyTest)
#include "error_anatomy_test.moc"
