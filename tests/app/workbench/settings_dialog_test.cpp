// Failing here: a setting could not be reached or changed, would change nothing, or would be forgotten.
#include "app/workbench/settings/settings_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>

#include "app/workbench/frame/locate_items.h"
#include "app/workbench/frame/menus.h"
#include "app/workbench/runs/run_actions.h"
#include "app/workbench/settings/folder_field.h"
#include "app/workbench/settings/setting_rows.h"
#include "tests/app/workbench/workbench_fixture.h"
#include "tests/support/sample_recipe.h"
#include "tests/support/tiny_model.h"
#include "widgets/locate/locate_popup.h"

using namespace quantoscope;
using test::WorkbenchFixture;

class SettingsDialogTest : public QObject {
    Q_OBJECT

private slots:
    void everySettingHasARowThatSaysWhatItIs() {
        QSet<QString> ids;
        for (const auto& row : settingRows()) {
            QVERIFY(!ids.contains(row.id));
            ids.insert(row.id);
            QVERIFY(!row.label.isEmpty() && row.help.endsWith(QLatin1Char('.')) && !row.section.isEmpty());
            QCOMPARE(row.kind == SettingKind::choice, !row.choices.isEmpty());
            WorkbenchFixture fixture;
            auto& dialog = open(fixture);
            auto* control = dialog.findChild<QWidget*>(QStringLiteral("setting_") + row.id);
            QVERIFY2(control != nullptr, qPrintable(row.id));
            const auto* box = qobject_cast<QCheckBox*>(control);
            QVERIFY(!(box != nullptr ? box->text() : control->accessibleName()).isEmpty());
        }
    }

    void keysChangeTheTheme() {
        WorkbenchFixture fixture;
        auto& dialog = open(fixture);
        auto* theme = dialog.findChild<QComboBox*>(QStringLiteral("setting_theme"));
        QTRY_COMPARE(QApplication::focusWidget(), theme);  // the first one has the keyboard
        theme->setCurrentIndex(theme->findData(QStringLiteral("dark")));
        QTest::keyClick(theme, Qt::Key_Up);
        QCOMPARE(theme->currentData().toString(), QStringLiteral("light"));
        QVERIFY(fixture.settings->theme() == ThemeChoice::light);
        QVERIFY(!fixture.theme->isDark());
        auto* action = fixture.window().findChild<QAction*>(QStringLiteral("action_theme_light"));
        QVERIFY(action->isChecked());
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QTRY_VERIFY(fixture.window().findChild<SettingsDialog*>() == nullptr);
    }

    void tabWalksOverAllOfThem() {
        WorkbenchFixture fixture;
        auto& dialog = open(fixture);
        QTRY_COMPARE(QApplication::focusWidget(), dialog.findChild<QWidget*>(QStringLiteral("setting_theme")));
        QSet<QString> visited;
        for (int i = 0; i < 20; ++i) {
            visited.insert(QApplication::focusWidget()->objectName());
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        }
        for (const auto& row : settingRows())
            QVERIFY2(visited.contains(QStringLiteral("setting_") + row.id), qPrintable(row.id));
        QVERIFY(dialog.isVisible());
    }

    void threadsReachTheWorker() {
        WorkbenchFixture fixture;
        auto& dialog = open(fixture);
        auto* threads = dialog.findChild<QComboBox*>(QStringLiteral("setting_worker_threads"));
        QCOMPARE(threads->currentData().toString(), QStringLiteral("0"));
        if (threads->count() < 2) QSKIP("this machine has one core");
        threads->setFocus();
        QTest::keyClick(threads, Qt::Key_Down);
        QCOMPARE(fixture.settings->workerThreads(), 1);
        dialog.close();
        const auto manifest = runTinyModel(fixture);
        QCOMPARE(manifest.value(QLatin1String("recorded")).toObject().value(QLatin1String("threads")).toString(),
                 QStringLiteral("1"));
    }

    void runsGoToTheChosenFolder() {
        WorkbenchFixture fixture;
        auto& dialog = open(fixture);
        auto* edit = dialog.findChild<QLineEdit*>(QStringLiteral("setting_runs_folder"));
        auto* state = dialog.findChild<QLabel*>(QStringLiteral("setting_runs_folder_state"));
        QTRY_VERIFY(state->text().contains(QStringLiteral("free")));
        const QString usual = fixture.session().paths().runs;
        type(*edit, QStringLiteral("/no/such/folder"));
        QTRY_VERIFY(state->text().contains(QStringLiteral("no such folder")));
        QCOMPARE(fixture.session().paths().runs, usual);  // what cannot be used is not taken
        QVERIFY(dialog.isVisible());                      // Return is the field's
        const QString wanted = fixture.folder.filePath(QStringLiteral("elsewhere"));
        QVERIFY(QDir().mkpath(wanted));
        type(*edit, wanted);
        QTRY_COMPARE(fixture.session().paths().runs, wanted);
        QCOMPARE(fixture.settings->runsFolder(), wanted);
        QVERIFY(QDir(wanted).isEmpty(QDir::Files | QDir::Hidden | QDir::NoDotAndDotDot));  // no probe left behind
        QTest::mouseClick(dialog.findChild<QPushButton*>(QStringLiteral("setting_runs_folder_reset")), Qt::LeftButton);
        QTRY_COMPARE(fixture.session().paths().runs, usual);
        QVERIFY(fixture.settings->runsFolder().isEmpty());
    }

    void folderThatIsTakenBackAtOnceIsNotUsed() {
        WorkbenchFixture fixture;
        auto& dialog = open(fixture);
        auto* edit = dialog.findChild<QLineEdit*>(QStringLiteral("setting_runs_folder"));
        auto* state = dialog.findChild<QLabel*>(QStringLiteral("setting_runs_folder_state"));
        const QString usual = fixture.session().paths().runs;
        const QString wanted = fixture.folder.filePath(QStringLiteral("elsewhere"));
        QVERIFY(QDir().mkpath(wanted));
        type(*edit, wanted);
        type(*edit, usual);
        QTRY_VERIFY(state->text().contains(QStringLiteral("free")));
        QTest::qWait(300);
        QCOMPARE(fixture.session().paths().runs, usual);
        type(*edit, QStringLiteral("/no/such/folder"));
        QTRY_VERIFY(state->text().contains(QStringLiteral("no such folder")));
        type(*edit, usual);
        QTRY_VERIFY(state->text().contains(QStringLiteral("free")));  // of the folder that is in the field
    }

    void folderThatCannotBeWrittenIsRefused() {
        QVERIFY(!lookAtFolder(QStringLiteral("/no/such/folder")).problem.isEmpty());
        QVERIFY(!lookAtFolder(QStringLiteral("/proc")).problem.isEmpty());  // not even by root
        const QTemporaryDir good;
        const auto state = lookAtFolder(good.path());
        QVERIFY(state.problem.isEmpty() && state.free_bytes > 0);
    }

    void deletingAsksUnlessItShouldNot() {
        WorkbenchFixture fixture;
        const QString run = fixture.session().paths().runs + QStringLiteral("/some");
        QCOMPARE(test::makeRunFolder(run, "some-w4"), QString());
        fixture.session().runs().rescan();
        QTRY_VERIFY(fixture.session().runs().findFolder(run) != nullptr);
        auto& dialog = open(fixture);
        auto* actions = fixture.window().findChild<RunActions*>();
        actions->remove(run);
        auto* question = fixture.child<QMessageBox>("delete_question");
        QVERIFY(question != nullptr);
        question->reject();
        QVERIFY(QFileInfo::exists(run));
        auto* box = dialog.findChild<QCheckBox*>(QStringLiteral("setting_confirm_delete"));
        box->setFocus();
        QTest::keyClick(box, Qt::Key_Space);
        QVERIFY(!fixture.settings->isOn(kConfirmDeleteSetting));
        actions->remove(run);
        QTRY_VERIFY(!QFileInfo::exists(run));
    }

    void lastSessionIsLeftAloneWhenAsked() {
        WorkbenchFixture fixture;
        fixture.settings->setOpen({}, {}, QStringLiteral("evaluate"), {});
        auto& dialog = open(fixture);
        auto* box = dialog.findChild<QCheckBox*>(QStringLiteral("setting_restore_session"));
        box->setFocus();
        QTest::keyClick(box, Qt::Key_Space);
        fixture.workbench->restoreSession();
        QVERIFY(fixture.window().page() != QLatin1String("evaluate"));
        QTest::keyClick(box, Qt::Key_Space);
        fixture.workbench->restoreSession();
        QCOMPARE(fixture.window().page(), QStringLiteral("evaluate"));
    }

    void tipsComeBack() {
        WorkbenchFixture fixture;
        fixture.settings->setHiddenTips({QStringLiteral("model")});
        auto& dialog = open(fixture);
        auto* box = dialog.findChild<QCheckBox*>(QStringLiteral("setting_demo_tips"));
        QVERIFY(box->isChecked());
        box->setFocus();
        QTest::keyClick(box, Qt::Key_Space);
        QVERIFY(!fixture.settings->isOn(kTipsSetting));
        QTest::keyClick(box, Qt::Key_Space);
        QVERIFY(fixture.settings->hiddenTips().isEmpty());
    }

    void locateListsEachAndJumpsToIt() {
        WorkbenchFixture fixture;
        fixture.window().show();
        const auto items = locateItems(fixture.session(), fixture.window().findChild<Menus*>()->actions());
        for (const auto& row : settingRows()) {
            const auto found = std::ranges::find(items, QStringLiteral("setting:") + row.id, &LocateItem::id);
            QVERIFY(found != items.end());
            QCOMPARE(found->group, QStringLiteral("Setting"));
        }
        QVERIFY(QTest::qWaitForWindowExposed(&fixture.window()));
        QTest::keyClick(&fixture.window(), Qt::Key_K, Qt::ControlModifier);
        auto* popup = fixture.child<LocatePopup>("locate_popup");
        QVERIFY(popup->isVisible());
        auto* edit = popup->findChild<QLineEdit*>();
        QTest::keyClicks(edit, QStringLiteral("runs folder"));
        QTest::keyClick(edit, Qt::Key_Return);
        // "Open runs folder" is an action too: the setting is the one that is called just that.
        auto* dialog = fixture.window().findChild<SettingsDialog*>();
        QVERIFY(dialog != nullptr);
        QTRY_COMPARE(QApplication::focusWidget(), dialog->findChild<QWidget*>(QStringLiteral("setting_runs_folder")));
    }

    void nonsenseInTheFileIsTheDefault() {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("settings.ini"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[General]\ntheme=pink\nworker_threads=-7\nconfirm_delete=false\n");
        file.close();
        const Settings settings(path);
        QVERIFY(settings.theme() == ThemeChoice::system);
        QCOMPARE(settings.workerThreads(), 0);
        QVERIFY(!settings.isOn(kConfirmDeleteSetting));
        QVERIFY(settings.isOn(kRestoreSetting));
    }

private:
    static SettingsDialog& open(WorkbenchFixture& fixture) {
        fixture.window().show();
        [[maybe_unused]] const bool shown = QTest::qWaitForWindowExposed(&fixture.window());
        QTest::keyClick(&fixture.window(), Qt::Key_Comma, Qt::ControlModifier);
        auto* dialog = fixture.window().findChild<SettingsDialog*>();
        if (dialog == nullptr) qFatal("Ctrl+, opened no settings");
        [[maybe_unused]] const bool active = QTest::qWaitForWindowActive(dialog);
        return *dialog;
    }

    static void type(QLineEdit& edit, const QString& text) {
        edit.setFocus();
        edit.selectAll();
        QTest::keyClicks(&edit, text);
        QTest::keyClick(&edit, Qt::Key_Return);
    }

    static QJsonObject runTinyModel(WorkbenchFixture& fixture) {
        const auto path = [&](const char* name) { return fixture.folder.filePath(QLatin1String(name)); };
        if (!test::writeTinyModel(path("model").toStdString(), {}) ||
            !test::writePseudoText(path("text.txt").toStdString(), 20'000, 5))
            return {};
        auto recipe = test::sampleRecipe(path("model").toStdString(), path("text.txt").toStdString());
        recipe.methods = {{"rtn", {}}};
        recipe.evaluations.clear();
        QFile file(path("recipe.json"));
        if (!file.open(QIODevice::WriteOnly)) return {};
        file.write(QByteArray::fromStdString(recipeJson(recipe)));
        file.close();
        QSignalSpy finished(&fixture.session().jobs(), &JobQueue::finished);
        fixture.session().jobs().add(
            {QStringLiteral("run"), {"run", path("recipe.json"), "--run", path("run")}, {}, {}});
        if (!finished.wait(60'000)) return {};
        QFile manifest(path("run") + QStringLiteral("/manifest.json"));
        return manifest.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(manifest.readAll()).object()
                                                  : QJsonObject();
    }
};

QTEST_MAIN(SettingsDialogTest)
#include "settings_dialog_test.moc"
