// If this fails, Ctrl+K goes to the wrong place, an empty page offers nothing, or an error hides its sentence.
#include <QAbstractItemModelTester>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "tests/widgets/warnings.h"
#include "widgets/card/card.h"
#include "widgets/empty_state/empty_state.h"
#include "widgets/error_banner/error_banner.h"
#include "widgets/locate/locate_popup.h"

using namespace quantoscope;

namespace {
std::vector<LocateItem> items() {
    return {{"save", "Save recipe…", "Action", "Ctrl+S", ""},
            {"l1", "layers.1.mlp.down_proj", "Layer", "", "l1.down"},
            {"l12", "layers.12.mlp.down_proj", "Layer", "", "l12.down"},
            {"up", "layers.12.mlp.up_proj", "Layer", "", "l12.up"}};
}
}  // namespace

class LocateTest : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnQtWarnings(); }
    void lettersMustComeInOrder() {
        QVERIFY(fuzzyMatch("dwn", "down"));
        QVERIFY(!fuzzyMatch("nwd", "down"));
        QVERIFY(fuzzyMatch("", "down"));
        QVERIFY(!fuzzyMatch("x", ""));
        QCOMPARE(fuzzyMatch("mdp", "layers.1.mlp.down_proj")->positions, (std::vector<int>{9, 13, 18}));
        QVERIFY(fuzzyMatch("down", "mlp.down_proj")->score > fuzzyMatch("down", "dropped own words now")->score);
    }
    void theBestHitComesFirst() {
        LocateModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setItems(items());
        QCOMPARE(model.rowCount(), 4);
        model.setPattern("l12.down");
        QCOMPARE(model.index(0).data(LocateModel::kIdRole).toString(), "l12");
        model.setPattern("save");
        QCOMPARE(model.rowCount(), 1);
        model.setPattern("zzz");
        QCOMPARE(model.rowCount(), 0);
    }
    void keysChoose() {
        QWidget window;
        window.resize(900, 600);
        window.show();
        LocatePopup popup(&window);
        popup.setItems(items());
        QSignalSpy chosen(&popup, &LocatePopup::chosen);
        popup.popUp();
        auto* edit = popup.findChild<QLineEdit*>("locateEdit");
        QTest::keyClicks(edit, "down");
        QTest::keyClick(edit, Qt::Key_Down);
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen[0][0].toString(), "l12");
        QVERIFY(popup.isHidden());
    }
    void anEmptyPageOffersItsAction() {
        EmptyState page("No model", "Drop one.", "Open…");
        QSignalSpy triggered(&page, &EmptyState::actionTriggered);
        page.findChild<QPushButton*>("emptyAction")->click();
        QCOMPARE(triggered.count(), 1);
        page.setText("No runs", "Start one.", {});
        QVERIFY(page.findChild<QPushButton*>("emptyAction")->isHidden());
    }
    void anErrorShowsItsSentenceAndHidesItsCause() {
        ErrorBanner banner;
        QVERIFY(banner.isHidden());
        banner.showError({"It is <broken>.", "code 7", "/file", ErrorKind::failed}, "Retry");
        QVERIFY(banner.isVisible());
        QCOMPARE(banner.findChild<QLabel*>("errorMessage")->text(), "It is <broken>.");
        auto* details = banner.findChild<QLabel*>("errorDetails");
        QVERIFY(details->isHidden());
        banner.findChild<QToolButton*>("errorDetailsToggle")->click();
        QVERIFY(details->isVisible());
        QVERIFY(details->text().contains("code 7"));
        QSignalSpy retried(&banner, &ErrorBanner::actionTriggered);
        banner.findChild<QPushButton*>("errorAction")->click();
        QCOMPARE(retried.count(), 1);
        banner.showError({"cancelled", {}, {}, ErrorKind::cancelled});
        QVERIFY(banner.isHidden());
    }
    void aCardReplacesItsBody() {
        Card card("Title");
        card.setBody(new QLabel("one"));
        card.setBody(new QLabel("two"));
        card.setTopEdge(QColor("#4a90ff"));
        card.show();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QVERIFY(!card.grab().isNull());
        card.setNote("note");
        QVERIFY(card.findChild<QLabel*>("cardNote")->isVisible());
    }
};
QTEST_MAIN(LocateTest)
#include "locate_test.moc"
