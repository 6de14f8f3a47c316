// If this fails, a tensor is shown in the wrong place of the model, or cannot be found.
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "tests/widgets/sample_model.h"
#include "tests/widgets/warnings.h"
#include "widgets/model_tree/model_overview.h"
#include "widgets/model_tree/model_tree_model.h"

using namespace quantoscope;

class ModelTreeTest : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnQtWarnings(); }
    void namesOfAllLayoutsFindTheirPlace() {
        QCOMPARE(tensorPlace("model.layers.12.mlp.down_proj.weight").block, 12);
        QCOMPARE(tensorPlace("model.layers.12.mlp.down_proj.weight").role, std::optional(LinearRole::down_proj));
        QCOMPARE(tensorPlace("model.layers.3.self_attn.q_proj.qweight").role, std::optional(LinearRole::q_proj));
        QCOMPARE(tensorPlace("language_model.model.layers.3.self_attn.o_proj.weight").role,
                 std::optional(LinearRole::o_proj));
        QCOMPARE(tensorPlace("blk.7.ffn_gate.weight").role, std::optional(LinearRole::gate_proj));
        QCOMPARE(tensorPlace("blk.7.attn_output.weight").role, std::optional(LinearRole::o_proj));
        QCOMPARE(tensorPlace("model.layers.2.input_layernorm.weight").block, 2);
        QVERIFY(!tensorPlace("model.layers.2.input_layernorm.weight").role);
        QCOMPARE(tensorPlace("vision_tower.vision_model.encoder.layers.3.self_attn.q_proj.weight").block, -1);
        QCOMPARE(tensorPlace("model.layers.x.mlp.weight").block, -1);
        QCOMPARE(tensorPlace("").block, -1);
    }
    void theTreeIsSoundAndOrdered() {
        ModelTreeModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.addModel(std::make_shared<SampleModel>(3), "A");
        model.addModel(std::make_shared<SampleModel>(2), "B");
        const QModelIndex top = model.index(0, 0);
        QCOMPARE(model.rowCount(top), 4);
        QCOMPARE(model.index(0, 0, top).data().toString(), "embed_tokens");
        QCOMPARE(model.index(1, 0, top).data().toString(), "layers");
        QCOMPARE(model.index(3, 0, top).data().toString(), "lm_head");
        const QModelIndex down = model.indexOf(1, 1, LinearRole::down_proj);
        QCOMPARE(down.data().toString(), "mlp.down_proj");
        QCOMPARE(model.selection(down).model, 1);
        QCOMPARE(model.selection(down).block, 1);
        QCOMPARE(model.models()[1]->tensors()[static_cast<std::size_t>(model.selection(down).tensor)].name,
                 std::string("model.layers.1.mlp.down_proj.weight"));
        QCOMPARE(model.index(0, 0, down.parent()).data().toString(), "self_attn.q_proj");
        QVERIFY(!model.indexOf(1, 9, std::nullopt).isValid());
        model.removeModel(0);
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.selection(model.index(0, 0)).model, 0);
    }
    void theTableSortsBytesAsNumbersAndFiltersByWords() {
        TensorTableModel table;
        const QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        table.setModel(std::make_shared<SampleModel>(3));
        TensorFilter filter;
        filter.setSourceModel(&table);
        filter.sort(TensorTableModel::bytes_column, Qt::DescendingOrder);
        QCOMPARE(filter.index(0, 3).data().toString(), "32.8 MB");
        QCOMPARE(filter.index(filter.rowCount() - 1, 3).data().toString(), "1.0 kB");
        filter.setText("LAYERS.1 up");
        QCOMPARE(filter.rowCount(), 1);
        filter.setText("f32");
        QCOMPARE(filter.rowCount(), 1);
        filter.setText("no such");
        QCOMPARE(filter.rowCount(), 0);
    }
    void theOverviewSizesRowsByBytes() {
        const SampleModel model(4);
        const auto cells = overviewLayout(model, {0, 0, 400, 300});
        QCOMPARE(cells.size(), std::size_t{28});
        const auto height = [&](LinearRole role) {
            for (const OverviewCell& cell : cells)
                if (cell.role == role) return cell.area.height();
            return 0.0;
        };
        QVERIFY(height(LinearRole::gate_proj) > height(LinearRole::q_proj));
        QVERIFY(height(LinearRole::q_proj) > height(LinearRole::k_proj));
        QVERIFY(overviewLayout(SampleModel(0), {0, 0, 400, 300}).empty());
    }
    void theOverviewIsColouredByAMeasureAndSaysIt() {
        const SampleModel model(4);
        const OverviewMeasure share = shareOfBytes(model);
        QCOMPARE(share.values.size(), std::size_t{28});
        double total = 0.0;
        for (const auto& [tensor, value] : share.values) total += value;
        QVERIFY(std::abs(total - 100.0) < 1e-9);
        ModelOverview view;
        view.resize(400, 300);
        view.setModel(std::make_shared<SampleModel>(4));
        const QImage by_type = view.grab().toImage();
        view.setMeasure(share);
        QVERIFY(view.grab().toImage() != by_type);
        QVERIFY(view.csvText().startsWith("block,linear,tensor,type,shape,bytes,share of bytes\n"));
        // Only what is known has a number.
        view.setMeasure(
            OverviewMeasure{"largest |w|", {}, ScaleKind::logarithmic, {{share.values.begin()->first, 2.5}}});
        QCOMPARE(view.csvText().count(",2.5\n"), 1);
        view.setMeasure(std::nullopt);
        QVERIFY(view.grab().toImage() == by_type);
    }
    void aClickSelectsATensor() {
        ModelOverview view;
        view.resize(400, 300);
        view.setModel(std::make_shared<SampleModel>(4));
        view.show();
        QSignalSpy selected(&view, &ModelOverview::tensorSelected);
        const auto cells = overviewLayout(SampleModel(4), view.rect());
        QTest::mouseClick(&view, Qt::LeftButton, {}, cells[9].area.center().toPoint());
        QCOMPARE(selected.count(), 1);
        QCOMPARE(selected[0][0].toInt(), cells[9].tensor);
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(selected[1][1].toInt(), cells[9].block + 1);
        QVERIFY(view.csvText().contains("model.layers.0.self_attn.q_proj.weight,BF16,512 × 512,524288"));
    }
};
QTEST_MAIN(ModelTreeTest)
#include "model_tree_test.moc"
