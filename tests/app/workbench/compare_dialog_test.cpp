// If this fails, a person cannot look at what somebody else's quantization did to a model.
// With QUANTOSCOPE_SCREENS dialog and page are drawn into that folder.
#include "app/workbench/runs/compare_dialog.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>

#include "app/workbench/analyse_page/error_matrix.h"
#include "tests/app/workbench/workbench_fixture.h"
#include "tests/support/tiny_model.h"

using namespace quantoscope;
using quantoscope::test::WorkbenchFixture;

class CompareDialogTest : public QObject {
    Q_OBJECT

private slots:
    void twoCheckpointsBecomeMaps() {
        WorkbenchFixture fixture;
        const auto make = [&](const char* name, test::TinyModelShape shape) {
            const auto path = fixture.folder.filePath(QLatin1String(name));
            return test::writeTinyModel(path.toStdString(), shape) ? path : QString();
        };
        const auto base = make("base", {.block_count = 3});
        const auto tuned = make("tuned", {.block_count = 3, .seed = 2});
        const auto other = make("other", {.block_count = 2});
        auto& window = fixture.window();
        window.resize(1280, 800);
        window.show();
        fixture.session().openPath(base);
        QTRY_VERIFY(fixture.session().models().current() != nullptr);
        auto* action = window.findChild<QAction*>(QStringLiteral("action_compare_checkpoints"));
        QVERIFY(action != nullptr);
        action->trigger();
        QPointer dialog(window.findChild<CompareDialog*>());
        QVERIFY(dialog != nullptr);
        auto* model = dialog->findChild<QComboBox*>(QStringLiteral("compare_model"));
        auto* checkpoint = dialog->findChild<QComboBox*>(QStringLiteral("compare_checkpoint"));
        auto* start = dialog->findChild<QPushButton*>(QStringLiteral("start_comparison"));
        auto* problem = dialog->findChild<QLabel*>(QStringLiteral("compare_problem"));
        QVERIFY(model != nullptr && checkpoint != nullptr && start != nullptr && problem != nullptr);
        QCOMPARE(model->currentText(), base);
        QVERIFY(!start->isEnabled());
        QTest::keyClicks(checkpoint->lineEdit(), base);
        QVERIFY(!start->isEnabled());  // a model against itself says nothing
        checkpoint->lineEdit()->selectAll();
        QTest::keyClicks(checkpoint->lineEdit(), other);
        QVERIFY(start->isEnabled());
        QTest::mouseClick(start, Qt::LeftButton);
        QTRY_VERIFY(problem->isVisible());
        QVERIFY2(problem->text().contains(QStringLiteral("2 blocks, the model has 3")), qPrintable(problem->text()));
        save(*dialog, "compare_dialog");
        checkpoint->lineEdit()->selectAll();
        QTest::keyClicks(checkpoint->lineEdit(), tuned);
        QVERIFY(!problem->isVisible());
        QTest::mouseClick(start, Qt::LeftButton);
        QTRY_VERIFY(dialog.isNull());
        QTRY_VERIFY_WITH_TIMEOUT(finished(fixture.session()) != nullptr, 30000);
        const auto* run = finished(fixture.session());
        QCOMPARE(runLabel(run->info), QStringLiteral("tuned"));
        QCOMPARE(run->info.bits_per_weight, 16.0);
        QVERIFY(!run->wasQuantizedHere());
        const auto values = readErrors(run->key, 1, LinearRole::down_proj, {});
        QVERIFY2(values.has_value(), values ? "" : values.error().message.c_str());  // the map's deepest zoom
        QVERIFY(std::ranges::any_of(values->errors.values, [](float error) { return error != 0.0F; }));
        fixture.session().selection().selectRuns({run->key});
        QVERIFY(!window.findChild<QAction*>(QStringLiteral("action_export_checkpoint"))->isEnabled());
        QTRY_VERIFY(fixture.session().layers().metrics(run->key) != nullptr);
        QTest::keyClick(&window, Qt::Key_3, Qt::ControlModifier);
        auto* metric = window.findChild<QComboBox*>(QStringLiteral("metric"));
        QTRY_COMPARE(metric->currentData().toString(), QStringLiteral("relative_weight_error"));
        QTest::qWait(600);
        save(window, "compared");
    }

private:
    static const RunEntry* finished(Session& session) {
        for (const auto& folder : session.runs().folders())
            for (const auto& run : folder.runs)
                if (run.isFinished()) return &run;
        return nullptr;
    }
    static void save(QWidget& widget, const char* name) {
        const auto screens = qEnvironmentVariable("QUANTOSCOPE_SCREENS");
        if (!screens.isEmpty())
            QVERIFY(widget.grab().save(screens + QStringLiteral("/%1.png").arg(QLatin1String(name))));
    }
};

QTEST_MAIN(CompareDialogTest)
#include "compare_dialog_test.moc"
