// Failing here: the window would not open, a page could not be reached, an empty page would be blank, or a broken file
// would fail without a word.
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QTableView>

#include "app/workbench/frame/log_panel.h"
#include "app/workbench/frame/menus.h"
#include "app/workbench/model_page/what_fits.h"
#include "tests/app/workbench/workbench_fixture.h"
#include "tests/support/tiny_model.h"
#include "widgets/card/card.h"
#include "widgets/empty_state/empty_state.h"
#include "widgets/error_banner/error_banner.h"

using namespace quantoscope;
using test::WorkbenchFixture;

class MainWindowTest : public QObject {
    Q_OBJECT

private slots:
    void opensAndSwitchesModes() {
        WorkbenchFixture fixture;
        QElapsedTimer timer;
        timer.start();
        fixture.window().show();
        QVERIFY(QTest::qWaitForWindowExposed(&fixture.window()));
        for (const auto* mode : {"model", "pipeline", "analyse", "evaluate", "bits"}) {
            auto* action = fixture.window().findChild<QAction*>(QStringLiteral("mode_") + QLatin1String(mode));
            QVERIFY(action != nullptr);
            action->trigger();
            QCOMPARE(fixture.window().page(), QLatin1String(mode));
            QVERIFY(action->isChecked());
            QVERIFY(fixture.window().findChild<QWidget*>(QStringLiteral("page_") + QLatin1String(mode))->isVisible());
        }
    }

    void emptyPagesSayWhatGoesThere() {
        WorkbenchFixture fixture;
        fixture.window().show();
        for (const auto& [page, name] : {std::pair{"model", "model_empty"},
                                         {"analyse", "analyse_empty"},
                                         {"evaluate", "evaluate_empty"},
                                         {"bits", "bits_empty"}}) {
            fixture.window().showPage(QLatin1String(page));
            auto* empty = fixture.child<EmptyState>(name);
            QVERIFY(empty != nullptr && empty->isVisible());
            bool says = false;
            for (const auto* label : empty->findChildren<QLabel*>()) says = says || label->text().size() > 20;
            QVERIFY(says);
        }
        auto* run = fixture.child<QPushButton>("run");
        QTRY_VERIFY(!run->isEnabled());
    }

    void panelsCloseAndComeBack() {
        WorkbenchFixture fixture;
        fixture.window().show();
        for (const auto* id : {"explorer", "inspector", "log", "jobs"}) {
            auto* dock = fixture.window().dock(QLatin1String(id));
            QVERIFY(dock != nullptr);
            dock->toggleViewAction()->trigger();
        }
        QVERIFY(!fixture.window().dock(QStringLiteral("explorer"))->isVisible());
        fixture.window().findChild<QAction*>(QStringLiteral("action_reset_layout"))->trigger();
        QVERIFY(fixture.window().dock(QStringLiteral("explorer"))->isVisible());
        QVERIFY(!fixture.window().dock(QStringLiteral("log"))->isVisible());
    }

    void brokenFileShowsABanner() {
        QS_SHARED_FILE(path, "golden/bad/gguf/bad_magic.gguf");
        WorkbenchFixture fixture;
        fixture.window().show();
        fixture.workbench->openPaths({path});
        auto* banner = fixture.child<ErrorBanner>("error_banner");
        QTRY_VERIFY(banner->isVisible());
        bool says = false;
        for (const auto* label : banner->findChildren<QLabel*>()) says = says || label->text().size() > 15;
        QVERIFY(says);
        QVERIFY(fixture.session().models().models().empty());
    }

    void folderThatIsNoRunIsRefusedUntilARightOneOpens() {
        WorkbenchFixture fixture;
        fixture.window().show();
        fixture.session().openRunFolder(fixture.session().paths().presets);
        auto* banner = fixture.child<ErrorBanner>("error_banner");
        QVERIFY(banner->isVisible());
        QVERIFY(fixture.child<QLabel>("errorMessage")->text().contains(QStringLiteral("not a run folder")));
        QVERIFY(banner->contentsRect().left() > 0);  // stands off the edges
        const QString run = fixture.folder.filePath(QStringLiteral("right"));
        QCOMPARE(test::makeRunFolder(run, "some-w4-g64"), QString());
        fixture.session().openRunFolder(run);
        QVERIFY(!banner->isVisible());
    }

    void cardTextsAreNeverCutWhileThereIsALineForThem() {
        Card card(QStringLiteral("Difference"));
        card.setDetail(QStringLiteral("AWQ w3 g64 − AWQ w4 g64"));
        card.setNote(QStringLiteral("below zero: the first is better"));
        card.addHeaderWidget(new QPushButton(QStringLiteral("Export")));
        card.setBody(new QWidget);
        for (const int width : {900, 360, 280, 900}) {
            card.resize(width, 200);
            card.show();
            QVERIFY(QTest::qWaitForWindowExposed(&card));
            QTest::qWait(20);
            const auto* note = card.findChild<QLabel*>(QStringLiteral("cardNote"));
            QVERIFY2(note->width() >= note->fontMetrics().horizontalAdvance(note->text()) || width < 300,
                     qPrintable(QStringLiteral("at %1: %2").arg(width).arg(note->width())));
            QCOMPARE(note->toolTip(), note->text());
            QCOMPARE(note->y() > 40, width < 500);
        }
    }

    void everyBadModelIsRefusedQuietly() {
        const QString folder = test::sharedFile(QStringLiteral("golden/bad/gguf"));
        if (folder.isEmpty()) QSKIP("needs ../shared/golden/bad");
        WorkbenchFixture fixture;
        QSignalSpy failed(&fixture.session().models(), &ModelList::failed);
        QSignalSpy opened(&fixture.session().models(), &ModelList::opened);
        const auto files = QDir(folder).entryInfoList({QStringLiteral("*.gguf")}, QDir::Files);
        for (const auto& file : files) fixture.session().openPath(file.absoluteFilePath());
        QTRY_COMPARE_WITH_TIMEOUT(failed.count() + opened.count(), files.size(), 20'000);
        QVERIFY(failed.count() > opened.count());
    }

    void modelsOfTheHubCacheAreListedAndOpen() {
        WorkbenchFixture fixture;
        fixture.window().show();
        const QString snapshot = fixture.folder.filePath(QStringLiteral("hub/models--org--tiny/snapshots/abc"));
        QVERIFY(QDir().mkpath(snapshot));
        QVERIFY(test::writeTinyModel(snapshot.toStdString(), {}).has_value());
        QVERIFY(QDir().mkpath(fixture.folder.filePath(QStringLiteral("hub/models--org--empty/snapshots"))));
        auto* menu = fixture.child<QMenu>("hub_cache_menu");
        QVERIFY(!menu->actions().first()->isEnabled());  // none yet
        emit menu->aboutToShow();
        QTRY_COMPARE(menu->actions().size(), 2);
        QVERIFY(menu->actions()[0]->isEnabled() && menu->actions()[0]->text().startsWith(QStringLiteral("org/tiny")));
        QVERIFY(!menu->actions()[1]->isEnabled() &&
                menu->actions()[1]->toolTip().contains(QStringLiteral("incomplete")));
        menu->actions()[0]->trigger();
        QTRY_VERIFY(fixture.session().models().current() != nullptr);
        QVERIFY(!fixture.child<QLabel>("lossy_source")->isVisible());
    }
    void aQuantizedSourceIsMarked() {
        const QString model = test::exampleModel();
        if (model.isEmpty()) QSKIP("needs the example model");
        WorkbenchFixture fixture;
        fixture.window().show();
        fixture.workbench->openPaths({model});
        QTRY_VERIFY_WITH_TIMEOUT(fixture.session().models().current() != nullptr, 20'000);
        QVERIFY(fixture.child<QLabel>("lossy_source")->isVisible());
    }
    void themeChoiceIsKept() {
        WorkbenchFixture fixture;
        fixture.window().findChild<QAction*>(QStringLiteral("action_theme_light"))->trigger();
        QVERIFY(fixture.settings->theme() == ThemeChoice::light);
        QVERIFY(!fixture.theme->isDark());
    }

    void diagnosticsHoldWhatHelps() {
        const QString text =
            diagnosticsText({QStringLiteral("it broke"), {QStringLiteral("Worker: /x")}, {QStringLiteral("line")}});
        for (const auto* part : {"Quantoscope", "Qt ", "CPU: ", "it broke", "Worker: /x", "line"})
            QVERIFY(text.contains(QLatin1String(part)));
    }

    void checkpointSizesAddUp() {
        ModelConfig config;
        config.hidden_size = 256;
        config.intermediate_size = 512;
        config.block_count = 2;
        config.head_count = 4;
        config.kv_head_count = 4;
        config.head_dim = 64;
        const std::int64_t linears = 2 * (4 * 256 * 256 + 3 * 256 * 512);
        QCOMPARE(checkpointBytes(config, linears + 1000, 16, 128), static_cast<std::uint64_t>(2 * (linears + 1000)));
        // 4 bits a weight and 20 bits a group of 128, the rest 2 bytes each
        QCOMPARE(checkpointBytes(config, linears + 1000, 4, 128),
                 static_cast<std::uint64_t>(linears / 2 + linears / 128 * 20 / 8 + 2000));
    }

    void exportingAPageWithoutViewsSaysWhy() {
        WorkbenchFixture fixture;
        fixture.window().findChild<QAction*>(QStringLiteral("action_export_view"))->trigger();
        QVERIFY(fixture.window().banner().isVisibleTo(&fixture.window()));
    }
    void shortcutsAreListedAndNoneIsTakenTwice() {
        WorkbenchFixture fixture;
        fixture.window().show();
        fixture.window().findChild<QAction*>(QStringLiteral("action_shortcuts"))->trigger();
        auto* dialog = fixture.window().findChild<QDialog*>(QStringLiteral("shortcuts"));
        QVERIFY(dialog != nullptr);
        const auto* rows = dialog->findChild<QTableView*>()->model();
        QSet<QString> taken;
        bool run = false;
        for (int row = 0; row < rows->rowCount(); ++row) {
            const auto cell = [&](int column) { return rows->index(row, column).data().toString(); };
            QVERIFY(!cell(1).isEmpty() && !cell(2).isEmpty());
            run = run || cell(1) == QLatin1String("Run pipeline");
            const QString key = cell(0) + QLatin1Char(' ') + cell(2);
            QVERIFY2(!taken.contains(key), qPrintable(key));
            taken.insert(key);
        }
        QVERIFY(run);
        dialog->findChild<QLineEdit*>()->setText(QStringLiteral("brush"));
        QCOMPARE(rows->rowCount(), 1);
    }

    void closingStopsTheJobWhenAsked() {
        WorkbenchFixture fixture;
        const QString program = fixture.folder.filePath(QStringLiteral("worker.sh"));
        QFile file(program);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("#!/bin/sh\ntrap 'exit 3' TERM\nsleep 30 & wait\n");
        file.close();
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        qputenv("QUANTOSCOPE_WORKER", program.toUtf8());
        fixture.window().show();
        fixture.session().jobs().add({QStringLiteral("sleeper"), {QStringLiteral("run")}, {}, {}});
        QTest::qWait(300);
        QVERIFY(!fixture.window().close());
        auto* question = fixture.child<QMessageBox>("close_question");
        QVERIFY(question != nullptr);
        question->findChild<QPushButton*>(QStringLiteral("stop_and_close"))->click();
        QTRY_VERIFY_WITH_TIMEOUT(!fixture.window().isVisible(), 8'000);
    }
};

QTEST_MAIN(MainWindowTest)
#include "main_window_test.moc"
