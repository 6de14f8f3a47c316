// Failing here: dragging, moving, copying or switching off a chip by mouse or keyboard would do nothing or something
// else, or could not be undone.
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>

#include "app/workbench/pipeline_page/pipeline_page.h"
#include "core/formats/exporter.h"
#include "core/methods/method.h"
#include "tests/app/workbench/workbench_fixture.h"
#include "tests/widgets/warnings.h"
#include "widgets/pipeline_editor/chip_button.h"
#include "widgets/pipeline_editor/pipeline_editor.h"

using namespace quantoscope;
using test::WorkbenchFixture;

class PipelineGesturesTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        failOnQtWarnings();
        fixture_ = std::make_unique<WorkbenchFixture>();
        Recipe recipe;
        for (const auto& method : methods()) recipe.methods.push_back({method.id, {}});
        recipe.bits = {8, 4, 3, 2};
        document().replace(recipe, QStringLiteral("Test"));
        fixture_->window().resize(1280, 800);
        fixture_->window().show();
        fixture_->window().showPage(QStringLiteral("pipeline"));
        QVERIFY(QTest::qWaitForWindowActive(&fixture_->window()));
    }

    void aDragReordersAndIsUndone() {
        auto* eight = chip(ChipKind::bits, 0);
        const QPoint behind_three(chip(ChipKind::bits, 2)->geometry().right() - eight->x() - 2, eight->height() / 2);
        QTest::mousePress(eight, Qt::LeftButton, {}, eight->rect().center());
        move(eight, eight->rect().center() + QPoint(30, 0));
        move(eight, behind_three);
        QCOMPARE(document().undoStack().count(), 1);  // nothing before it is let go
        QTest::mouseRelease(eight, Qt::LeftButton, {}, behind_three);
        QCOMPARE(bits(), (std::vector<std::int64_t>{4, 3, 8, 2}));
        QCOMPARE(document().undoStack().undoText(), QStringLiteral("Move 8"));
        QCOMPARE(editor().selectedChip(), std::optional(ChipRef{ChipKind::bits, 2}));
        fixture_->window().findChild<QAction*>(QStringLiteral("action_undo"))->trigger();
        QCOMPARE(bits(), (std::vector<std::int64_t>{8, 4, 3, 2}));
        fixture_->window().findChild<QAction*>(QStringLiteral("action_redo"))->trigger();
        QCOMPARE(bits(), (std::vector<std::int64_t>{4, 3, 8, 2}));
    }

    void aDragLetGoElsewhereOrEscapedChangesNothing() {
        auto* eight = chip(ChipKind::bits, 0);
        QTest::mousePress(eight, Qt::LeftButton, {}, eight->rect().center());
        move(eight, QPoint(60, 10));
        move(eight, QPoint(60, 400));
        QTest::mouseRelease(eight, Qt::LeftButton, {}, QPoint(60, 400));
        QCOMPARE(document().undoStack().count(), 1);
        QTest::mousePress(eight, Qt::LeftButton, {}, eight->rect().center());
        move(eight, QPoint(90, 10));
        key(Qt::Key_Escape, {});
        QTest::mouseRelease(eight, Qt::LeftButton, {}, QPoint(90, 10));
        QCOMPARE(document().undoStack().count(), 1);
        // A short pull is a click.
        QTest::mousePress(eight, Qt::LeftButton, {}, eight->rect().center());
        move(eight, eight->rect().center() + QPoint(1, 1));
        QTest::mouseRelease(eight, Qt::LeftButton, {}, eight->rect().center());
        QCOMPARE(editor().selectedChip(), std::optional(ChipRef{ChipKind::bits, 0}));
    }

    void bitsOfSingleLinearsAreTypedMarkedAndUndone() {
        auto* field = fixture_->child<QLineEdit>("value_layer_bits");
        QVERIFY(field != nullptr && field->isVisible());
        field->setFocus();
        QTest::keyClicks(field, QStringLiteral("*.v_prj=8"));
        QTest::keyClick(field, Qt::Key_Return);
        auto* error = fixture_->child<QLabel>("error_layer_bits");
        QVERIFY2(error->isVisible() && error->text().contains(QStringLiteral("did you mean 'v_proj'")),
                 qPrintable(error->text()));
        QVERIFY(document().draft().recipe.layer_bits.empty());
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("0-2.*=skip"));
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(!error->isVisible());
        QCOMPARE(layerBitsText(document().draft().recipe.layer_bits), std::string("0-2.*=skip"));
        fixture_->window().findChild<QAction*>(QStringLiteral("action_undo"))->trigger();
        QVERIFY(document().draft().recipe.layer_bits.empty());
        QTRY_COMPARE(fixture_->child<QLineEdit>("value_layer_bits")->text(), QString());
    }

    void altArrowsMoveTheChipAndNotTheSelection() {
        fixture_->session().selection().selectLinear(1, LinearRole::q_proj);
        chip(ChipKind::method, 0)->setFocus();
        const auto first = document().draft().recipe.methods[0].method;
        key(Qt::Key_Right, Qt::AltModifier);
        QCOMPARE(document().draft().recipe.methods[1].method, first);
        key(Qt::Key_Right, Qt::AltModifier);
        QCOMPARE(document().draft().recipe.methods[2].method, first);
        QVERIFY(chip(ChipKind::method, 2)->hasFocus());  // the keyboard stays with the chip
        key(Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(document().draft().recipe.methods[1].method, first);
        QCOMPARE(fixture_->session().selection().current().block, 1);
        for (int i = 0; i < 3; ++i) document().undoStack().undo();
        QCOMPARE(document().draft().recipe.methods[0].method, first);
        // Elsewhere the same keys walk through the selection.
        fixture_->window().showPage(QStringLiteral("model"));
        key(Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(fixture_->session().selection().current().block, -1);
        key(Qt::Key_Right, Qt::AltModifier);
        QCOMPARE(fixture_->session().selection().current().block, 1);
    }

    void chipsAreCopiedPastedAndDuplicated() {
        const auto count = document().draft().recipe.methods.size();
        chip(ChipKind::method, 1)->setFocus();
        key(Qt::Key_C, Qt::ControlModifier);
        key(Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(document().draft().recipe.methods.size(), count + 1);
        QCOMPARE(document().draft().recipe.methods[2].method, document().draft().recipe.methods[1].method);
        QCOMPARE(editor().selectedChip(), std::optional(ChipRef{ChipKind::method, 2}));
        QVERIFY(!chip(ChipKind::method, 2)->chip().reason.isEmpty());  // the same run twice
        key(Qt::Key_X, Qt::ControlModifier);
        QCOMPARE(document().draft().recipe.methods.size(), count);
        chip(ChipKind::method, 0)->setFocus();
        key(Qt::Key_D, Qt::ControlModifier);
        QCOMPARE(document().draft().recipe.methods.size(), count + 1);
        for (int i = 0; i < 3; ++i) document().undoStack().undo();
        QCOMPARE(document().draft().recipe.methods.size(), count);
    }

    void chipsAndStagesAreSwitchedOffAndOn() {
        chip(ChipKind::bits, 0)->setFocus();
        key(Qt::Key_Space, {});
        QCOMPARE(runnableRecipe(document().draft()).bits, (std::vector<std::int64_t>{4, 3, 2}));
        auto* calibrate = fixture_->child<QCheckBox>("switch_0");
        QTest::mouseClick(calibrate, Qt::LeftButton, {}, QPoint(8, calibrate->height() / 2));
        QVERIFY(!isStageEnabled(document().draft(), Stage::calibrate));
        QVERIFY(!calibrate->isChecked());
        document().undoStack().undo();
        QVERIFY(calibrate->isChecked());
        calibrate->setFocus();
        key(Qt::Key_Space, {});
        QVERIFY(!isStageEnabled(document().draft(), Stage::calibrate));
    }

    void removingTakesTheSelectionAlong() {
        QTest::mouseClick(chip(ChipKind::bits, 3), Qt::LeftButton);
        key(Qt::Key_Delete, {});
        QCOMPARE(bits(), (std::vector<std::int64_t>{8, 4, 3}));
        QCOMPARE(editor().selectedChip(), std::optional(ChipRef{ChipKind::bits, 2}));
        document().undoStack().undo();
        QCOMPARE(bits(), (std::vector<std::int64_t>{8, 4, 3, 2}));
    }

    void anExportThatWouldFailIsMarkedBeforeRun() {
        auto draft = document().draft();
        for (const auto& format : exportFormats()) draft.recipe.exports.push_back({format.id, {}, {}});
        document().edit(draft, QStringLiteral("Exports"));
        int marked = 0;
        for (int i = 0; i < static_cast<int>(draft.recipe.exports.size()); ++i)
            marked += chip(ChipKind::export_format, i)->chip().reason.isEmpty() ? 0 : 1;
        QVERIFY(marked >= 1);                                             // some format holds no 8 bits
        QVERIFY(marked < static_cast<int>(draft.recipe.exports.size()));  // and some holds everything
    }

    void cleanup() { fixture_.reset(); }

private:
    PipelineDocument& document() { return fixture_->session().pipeline(); }
    PipelineEditor& editor() { return *fixture_->child<PipelineEditor>("pipeline_editor"); }
    std::vector<std::int64_t> bits() { return document().draft().recipe.bits; }
    ChipButton* chip(ChipKind kind, int index) {
        // Chips of before the last edit are on their way out: the visible one counts.
        for (auto* button : editor().findChildren<ChipButton*>())
            if (button->isVisible() && button->chip().ref == ChipRef{kind, index}) return button;
        return nullptr;
    }
    void key(Qt::Key which, Qt::KeyboardModifiers modifiers) {
        QTest::keyClick(fixture_->window().windowHandle(), which, modifiers);  // shortcuts get their chance
    }
    static void move(QWidget* widget, QPoint to) {
        // QTest::mouseMove holds no button down.
        QMouseEvent event(QEvent::MouseMove, to, widget->mapToGlobal(to), Qt::NoButton, Qt::LeftButton, {});
        QApplication::sendEvent(widget, &event);
    }

    std::unique_ptr<WorkbenchFixture> fixture_;
};

QTEST_MAIN(PipelineGesturesTest)
#include "pipeline_gestures_test.moc"
