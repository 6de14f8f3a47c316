// Failing here: one of the ten tasks of docs/user-guide.md could not be done by the keyboard alone, or takes many more
// keys than the guide says. Every test goes on where the one before it ended, as a person would.
#include <QClipboard>
#include <QFileInfo>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTabBar>

#include "app/workbench/demo/demo_copy.h"
#include "tests/app/workbench/workbench_fixture.h"
#include "widgets/bits_map/bits_map.h"
#include "widgets/heatmap/heatmap_view.h"
#include "widgets/score_table/score_table.h"

using namespace quantoscope;
using test::WorkbenchFixture;

namespace {

/// Whatever has the keyboard gets the keys, as from a desktop; every key is counted.
class Keyboard {
public:
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
        ++presses_;
        auto* focus = QApplication::focusWidget();
        if (key == Qt::Key_Menu && focus != nullptr) {  // the platform makes the event of this key
            QContextMenuEvent event(QContextMenuEvent::Keyboard, focus->rect().center(),
                                    focus->mapToGlobal(focus->rect().center()));
            QApplication::sendEvent(focus, &event);
        } else {
            QTest::keyClick(receiver(), key, modifiers);
        }
        QTest::qWait(1);
    }
    void type(const QString& text) {
        for (const QChar letter : text) {
            ++presses_;
            QTest::keyClick(receiver(), letter.toLatin1());
        }
        QTest::qWait(1);
    }
    /// Tab (or Shift+Tab) until the widget of that name has the focus; false after a round of the window.
    bool tabTo(const QString& name, Qt::Key tab = Qt::Key_Tab) {
        for (int i = 0; i < 80; ++i) {
            if (hasFocus(name)) return true;
            press(tab, tab == Qt::Key_Tab ? Qt::NoModifier : Qt::ShiftModifier);
        }
        return false;
    }
    /// Presses since the last call.
    int take() { return std::exchange(presses_, 0); }

private:
    static bool hasFocus(const QString& name) {
        auto* focus = QApplication::focusWidget();
        return focus != nullptr &&
               (focus->objectName() == name || focus->objectName().startsWith(name + QLatin1Char('_')));
    }
    static QWindow* receiver() {
        for (auto* widget : {QApplication::activePopupWidget(), QApplication::activeModalWidget(),
                             static_cast<QWidget*>(QApplication::activeWindow())})
            if (widget != nullptr && widget->windowHandle() != nullptr) return widget->windowHandle();
        for (auto* widget : QApplication::topLevelWidgets())  // a platform without a window manager activates nothing
            if (widget->inherits("QMainWindow") && widget->isVisible()) {
                widget->activateWindow();
                return widget->windowHandle();
            }
        return nullptr;
    }

    int presses_ = 0;
};

}  // namespace

class TenTasksTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        if (!QFileInfo::exists(shippedDemo() + QStringLiteral("/model/model.safetensors")))
            QSKIP("needs resources/demo/model");
        fixture_ = std::make_unique<WorkbenchFixture>();
        window().resize(1280, 800);
        window().show();
        window().activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window()));
    }

    void init() {
        if (stopped_) QSKIP("goes on from a task that failed");
    }
    void cleanup() { stopped_ = stopped_ || QTest::currentTestFailed(); }

    // 1. See what few bits do, with no model at hand
    void openTheDemoAndRun() {
        locate(QStringLiteral("demo"));
        QTRY_VERIFY_WITH_TIMEOUT(session().models().current() != nullptr, 20'000);
        auto draft = session().pipeline().draft();  // a test is done in seconds: less of everything, the same keys
        draft.recipe.methods.resize(2);
        draft.recipe.bits = {4, 3, 2};
        draft.recipe.calibration.samples = 2;
        for (auto& evaluation : draft.recipe.evaluations) evaluation.limit = 8;
        session().pipeline().edit(draft, QStringLiteral("Less"));
        QTRY_VERIFY_WITH_TIMEOUT(session().pipeline().canRun(), 20'000);
        keys_.press(Qt::Key_R, Qt::ControlModifier);
        waitForJobs();
        QTRY_VERIFY_WITH_TIMEOUT(runs() == 7, 20'000);  // and the original
        said("1", 8);
    }

    // 2. Find the block that breaks GPTQ at 2 bits
    void walkTheMap() {
        locate(QStringLiteral("gptq w2"));
        QTRY_COMPARE(selected().configuration.left(7), QStringLiteral("gptq-w2"));
        keys_.press(Qt::Key_3, Qt::ControlModifier);
        QTRY_VERIFY(window().findChild<HeatmapView*>(QStringLiteral("run_map_") + selected().configuration));
        QVERIFY(keys_.tabTo(QStringLiteral("run_map")));
        keys_.press(Qt::Key_Down);
        keys_.press(Qt::Key_Right);
        QVERIFY(session().selection().current().block >= 0);
        said("2", 16);
    }

    // 3. Is RTN at 4 bits worse than GPTQ, or is that noise?
    void pinTheBaseline() {
        keys_.press(Qt::Key_4, Qt::ControlModifier);
        QVERIFY(keys_.tabTo(QStringLiteral("score_table")));
        keys_.press(Qt::Key_Menu);
        QTRY_VERIFY(QApplication::activePopupWidget() != nullptr);
        chooseFromMenu(QStringLiteral("baseline"));
        QTRY_VERIFY(!session().baseline().configuration.isEmpty());
        said("3", 8);
        for (const bool pinned : {false, true}) {  // the short way
            keys_.press(Qt::Key_B, Qt::ControlModifier);
            QCOMPARE(!session().baseline().configuration.isEmpty(), pinned);
        }
        keys_.take();
    }

    // 4. Which questions did 2 bits lose?
    void lookAtFlips() {
        keys_.press(Qt::Key_Down);
        keys_.press(Qt::Key_Q, Qt::AltModifier);
        QTRY_COMPARE(fixture_->child<QTabBar>("score_views")->currentIndex(), 1);
        QVERIFY(keys_.tabTo(QStringLiteral("flips_only"), Qt::Key_Backtab));
        keys_.press(Qt::Key_Space);
        QVERIFY(fixture_->child<QAbstractButton>("flips_only")->isChecked());
        said("4", 10);
    }

    // 5. The smallest model that loses less than 1 % perplexity
    void bitsForABudget() {
        keys_.press(Qt::Key_5, Qt::ControlModifier);
        keys_.press(Qt::Key_Return);
        waitForJobs();
        QTRY_VERIFY_WITH_TIMEOUT(fixture_->child<QWidget>("bits_slider")->isVisible(), 20'000);
        QVERIFY(keys_.tabTo(QStringLiteral("bits_slider")));
        for (int i = 0; i < 3; ++i) keys_.press(Qt::Key_Left);
        keys_.press(Qt::Key_U, Qt::AltModifier);
        QTRY_COMPARE(window().page(), QStringLiteral("pipeline"));
        QVERIFY(!session().pipeline().draft().recipe.layer_bits.empty());
        said("5", 30);
    }

    // 6. Keep the down projections of the first blocks at 8 bits
    void paintBits() {
        keys_.press(Qt::Key_2, Qt::ControlModifier);
        QVERIFY(keys_.tabTo(QStringLiteral("layer_bits_unfold")));
        keys_.press(Qt::Key_Space);
        QVERIFY(keys_.tabTo(QStringLiteral("layer_bits_map")));
        const auto before = session().pipeline().draft().recipe.layer_bits;
        keys_.press(Qt::Key_Right);
        keys_.press(Qt::Key_8);
        QTRY_VERIFY(session().pipeline().draft().recipe.layer_bits != before);
        said("6", 18);
    }

    // 7. A checkpoint that transformers or vLLM loads
    void exportACheckpoint() {
        locate(QStringLiteral("gptq w4"));
        keys_.press(Qt::Key_E, Qt::ControlModifier);
        QTRY_VERIFY(QApplication::activeModalWidget() != nullptr);
        auto* dialog = QApplication::activeModalWidget();
        QTRY_VERIFY_WITH_TIMEOUT(dialog->findChild<QAbstractButton*>(QStringLiteral("start_export"))->isEnabled(),
                                 10'000);
        const auto folder = dialog->findChild<QLineEdit*>(QStringLiteral("export_folder"))->text();
        keys_.press(Qt::Key_Return);
        waitForJobs();
        QVERIFY(QFileInfo::exists(folder + QStringLiteral("/preprocessor_config.json")));
        said("7", 12);
    }

    // 8. A figure for the paper
    void saveAChart() {
        keys_.press(Qt::Key_3, Qt::ControlModifier);
        keys_.press(Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(QApplication::activePopupWidget() != nullptr);
        keys_.press(Qt::Key_Down);
        keys_.press(Qt::Key_Return);
        saveTo(fixture_->folder.filePath(QStringLiteral("chart.svg")));
        said("8", 8);
    }

    // 9. Send a colleague everything about a run
    void writeAReport() {
        locate(QStringLiteral("report"));
        saveTo(fixture_->folder.filePath(QStringLiteral("report.html")));
        said("9", 10);
    }

    // 10. Do the same on a cluster
    void copyAsCommand() {
        keys_.press(Qt::Key_2, Qt::ControlModifier);
        keys_.press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("quantoscope-worker run")));
        said("10", 2);
    }

private:
    MainWindow& window() { return fixture_->window(); }
    Session& session() { return fixture_->session(); }
    RunKey selected() { return session().selection().current().runs.value(0); }
    int runs() {
        int scored = 0;
        for (const auto& folder : session().runs().folders())
            for (const auto& run : folder.runs) scored += run.scores.empty() ? 0 : 1;
        return scored;
    }
    void locate(const QString& words) {
        keys_.press(Qt::Key_K, Qt::ControlModifier);
        keys_.type(words);
        keys_.press(Qt::Key_Return);
    }
    void waitForJobs() {
        QTRY_VERIFY_WITH_TIMEOUT(!session().jobs().jobs().empty() && session().jobs().isIdle(), 200'000);
        const auto& job = session().jobs().jobs().back();
        QVERIFY2(job.state == JobState::done, job.error.message.c_str());
    }
    void chooseFromMenu(const QString& word) {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        QVERIFY(menu != nullptr);
        for (int i = 0; i < 20; ++i) {
            keys_.press(Qt::Key_Down);
            if (menu->activeAction() != nullptr && menu->activeAction()->text().contains(word)) break;
        }
        keys_.press(Qt::Key_Return);
    }
    void saveTo(const QString& path) {
        QTRY_VERIFY(QApplication::activeModalWidget() != nullptr);
        auto* name = QApplication::activeModalWidget()->findChild<QLineEdit*>();
        QVERIFY(name != nullptr);
        name->setText(path);  // the dialog proposes a name in the folder of the last time
        keys_.press(Qt::Key_Return);
        QTRY_VERIFY2_WITH_TIMEOUT(QFileInfo(path).size() > 500, qPrintable(path), 20'000);
    }
    /// `most`: with some room for what a page may come to hold; many more keys are in the way.
    void said(const char* task, int most) {
        const int taken = keys_.take();
        qInfo("task %s: %d keys", task, taken);
        QVERIFY2(taken <= most, qPrintable(QStringLiteral("%1 keys, %2 are expected").arg(taken).arg(most)));
    }

    std::unique_ptr<WorkbenchFixture> fixture_;
    Keyboard keys_;
    bool stopped_ = false;
};

QTEST_MAIN(TenTasksTest)
#include "ten_tasks_test.moc"
