// If this fails, the Evaluate dialog queues a job that cannot work: a file that its benchmark does not read is only
// refused later, by a worker.
#include "app/workbench/evaluate_page/evaluate_dialog.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPointer>
#include <QPushButton>

#include "tests/app/workbench/workbench_fixture.h"

using namespace quantoscope;
using quantoscope::test::WorkbenchFixture;

class EvaluateDialogTest : public QObject {
    Q_OBJECT

private slots:
    void questionsAboutPicturesAreRefusedBeforeAnythingIsQueued() {
        WorkbenchFixture fixture;
        const QString path = fixture.session().paths().runs + QStringLiteral("/a");
        QCOMPARE(test::makeRunFolder(path, "some-w4-g64"), QString());
        fixture.session().runs().rescan();
        QTRY_COMPARE(fixture.session().runs().folders().size(), std::size_t{1});
        QPointer dialog(new EvaluateDialog(fixture.session(), {RunKey{path, QStringLiteral("some-w4-g64")}}, nullptr));
        dialog->show();
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        auto* data = dialog->findChild<QLineEdit*>(QStringLiteral("evaluate_data"));
        auto* start = dialog->findChild<QPushButton*>(QStringLiteral("start_evaluation"));
        auto* problem = dialog->findChild<QLabel*>(QStringLiteral("evaluate_problem"));
        QVERIFY(data != nullptr && start != nullptr && problem != nullptr);
        QVERIFY(!problem->isVisible());
        data->setFocus();
        data->selectAll();
        QTest::keyClicks(data, QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/resources/demo/benchmarks/pictures/MME.tsv"));
        QVERIFY(start->isEnabled());
        QTest::mouseClick(start, Qt::LeftButton);
        QVERIFY(dialog->isVisible());
        QVERIFY(problem->isVisible());
        QVERIFY2(problem->text().contains(QStringLiteral("pictures are not supported yet")),
                 qPrintable(problem->text()));
        QVERIFY(fixture.session().jobs().jobs().empty());
        const auto screens = qEnvironmentVariable("QUANTOSCOPE_SCREENS");
        if (!screens.isEmpty()) QVERIFY(dialog->grab().save(screens + QStringLiteral("/evaluate_dialog.png")));
        QTest::keyClick(data, Qt::Key_Backspace);
        QVERIFY(!problem->isVisible());  // of another file
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(dialog.isNull());
    }
};

QTEST_MAIN(EvaluateDialogTest)
#include "evaluate_dialog_test.moc"
