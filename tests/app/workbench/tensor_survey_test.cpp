// Failing here: the model overview would be coloured by numbers that are not the tensors', or by another model's.
#include "app/workbench/model_page/tensor_survey.h"

#include <QTemporaryDir>
#include <QtTest>
#include <cmath>

#include "app/workbench/model_page/tensor_reader.h"
#include "core/analysis/analyse_linear.h"
#include "tests/support/tiny_model.h"
#include "widgets/model_tree/model_overview.h"

using namespace quantoscope;

class TensorSurveyTest : public QObject {
    Q_OBJECT

private slots:
    void statisticsByHand() {
        Matrix matrix;
        matrix.rows = 2;
        matrix.columns = 2;
        matrix.values = {1.0F, -3.0F, 1.0F, 1.0F};
        auto numbers = shapeMetrics(matrix);
        QCOMPARE(numbers["max_weight"], 3.0);
        // Mean 0, variance (1 + 9 + 1 + 1) / 4 = 3, fourth moment (1 + 81 + 1 + 1) / 4 = 21: 21 / 9.
        QVERIFY(std::abs(numbers["kurtosis"] - 21.0 / 9.0) < 1e-12);
        QCOMPARE(numbers["outlier_share"], 0.0);
        matrix.values = {2.0F, 2.0F, 2.0F, 2.0F};
        QVERIFY(!shapeMetrics(matrix).contains("kurtosis"));
        QCOMPARE(shapeMetrics(Matrix())["max_weight"], 0.0);
    }

    void everyLinearIsReadOnce() {
        const auto model = open({.block_count = 3});
        const auto share = shareOfBytes(*model->files);
        std::vector<int> tensors;
        for (const auto& [tensor, value] : share.values) tensors.push_back(tensor);
        TensorSurvey survey;
        QSignalSpy changed(&survey, &TensorSurvey::changed);
        survey.setModel(model);
        survey.start(tensors);
        QTRY_COMPARE(survey.knownCount(), tensors.size());
        QCOMPARE(changed.count(), 3);  // a block at a time
        for (const auto& [tensor, value] : survey.values("max_weight"))
            QCOMPARE(value, shapeMetrics(*readTensorValues(*model->files, tensor))["max_weight"]);
        // The same files again keep what is known, others do not.
        survey.setModel(model);
        QCOMPARE(survey.knownCount(), tensors.size());
        survey.setModel(open({.block_count = 2, .seed = 2}));
        QCOMPARE(survey.knownCount(), std::size_t{0});
    }

private:
    std::shared_ptr<const OpenModel> open(const test::TinyModelShape& shape) {
        const QString path = folder_.filePath(QStringLiteral("model%1").arg(shape.seed));
        if (!test::writeTinyModel(path.toStdString(), shape)) return nullptr;
        auto files = ModelFiles::open(path.toStdString());
        if (!files) return nullptr;
        OpenModel model;
        model.path = path;
        model.files = std::move(*files);
        return std::make_shared<const OpenModel>(std::move(model));
    }

    QTemporaryDir folder_;
};

QTEST_GUILESS_MAIN(TensorSurveyTest)
#include "tensor_survey_test.moc"
