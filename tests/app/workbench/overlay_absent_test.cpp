// Failing here: asking for the performance overlay where there is no OpenGL would crash the window or say nothing.
#include <QLabel>

#include "app/workbench/overlay/overlay_control.h"
#include "tests/app/workbench/workbench_fixture.h"
#include "widgets/error_banner/error_banner.h"
#include "widgets/overlay/overlay_panel.h"

using namespace quantoscope;
using test::WorkbenchFixture;

class OverlayAbsentTest : public QObject {
    Q_OBJECT

private slots:
    void keySaysWhyThereIsNone() {
        if (overlayProblem().isEmpty()) QSKIP("this display has OpenGL");
        WorkbenchFixture fixture;
        fixture.settings->setOverlayShown(true);  // as on another display
        fixture.window().show();
        QVERIFY(QTest::qWaitForWindowExposed(&fixture.window()));
        auto* banner = fixture.child<ErrorBanner>("error_banner");
        QVERIFY(!banner->isVisible());  // nobody asked yet
        QTest::keyClick(&fixture.window(), Qt::Key_F12);
        QVERIFY(banner->isVisible());
        QVERIFY(fixture.child<QLabel>("errorMessage")->text().contains(QStringLiteral("OpenGL")));
        QVERIFY(fixture.window().findChild<OverlayPanel*>() == nullptr);
        auto* action = fixture.window().findChild<QAction*>(QStringLiteral("action_overlay"));
        QVERIFY(!action->isChecked());
        action->trigger();  // and again
        QVERIFY(!action->isChecked());
    }
};

QTEST_MAIN(OverlayAbsentTest)
#include "overlay_absent_test.moc"
