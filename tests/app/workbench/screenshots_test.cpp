// Failing here: a page is empty or in the wrong theme after a run of the demo. The pictures stay in the build folder's
// screenshots/, for people to look at after every run of the tests; they are not compared.
#include <QDir>
#include <QSet>

#include "app/workbench/demo/demo_copy.h"
#include "tests/app/workbench/workbench_fixture.h"
#include "widgets/card/card.h"
#include "widgets/theme/tokens.h"

using namespace quantoscope;
using test::WorkbenchFixture;

class ScreenshotsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        if (!QFileInfo::exists(shippedDemo() + QStringLiteral("/model/model.safetensors")))
            QSKIP("needs resources/demo/model");
        QVERIFY(QDir().mkpath(folder_));
        fixture_ = std::make_unique<WorkbenchFixture>();
        auto& window = fixture_->window();
        window.resize(1280, 800);
        window.show();
        fixture_->workbench->openDemo();
        auto& session = fixture_->session();
        QTRY_VERIFY_WITH_TIMEOUT(session.models().current() != nullptr, 20'000);
        auto draft = session.pipeline().draft();  // a test is done in seconds
        draft.recipe.methods.resize(2);
        draft.recipe.bits = {4, 2};
        draft.recipe.calibration.samples = 2;
        for (auto& evaluation : draft.recipe.evaluations) evaluation.limit = 8;
        session.pipeline().edit(draft, QStringLiteral("Less"));
        QTRY_VERIFY_WITH_TIMEOUT(session.pipeline().canRun(), 20'000);
        session.runPipeline();
        QTRY_VERIFY_WITH_TIMEOUT(!session.jobs().jobs().empty() && session.jobs().isIdle(), 200'000);
        QTRY_VERIFY_WITH_TIMEOUT(!session.selection().current().runs.isEmpty(), 20'000);
        session.selection().selectLinear(2, LinearRole::down_proj);
    }

    void pages_data() {
        QTest::addColumn<QString>("page");
        QTest::addColumn<bool>("dark");
        for (const auto* page : {"model", "pipeline", "analyse", "evaluate", "bits"})
            for (const bool dark : {false, true})
                QTest::addRow("%s-%s", page, dark ? "dark" : "light") << QString::fromLatin1(page) << dark;
    }

    void pages() {
        QFETCH(QString, page);
        QFETCH(bool, dark);
        fixture_->theme->setChoice(dark ? ThemeChoice::dark : ThemeChoice::light);
        fixture_->window().showPage(page);
        QTest::qWait(700);  // maps and plots are read and drawn in the background
        const QImage picture = fixture_->window().grab().toImage();
        const auto name = QStringLiteral("%1.png").arg(QLatin1String(QTest::currentDataTag()));
        QVERIFY(picture.save(QDir(folder_).filePath(name)));
        QSet<QRgb> colours;
        std::int64_t lightness = 0;
        std::int64_t count = 0;
        for (int y = 0; y < picture.height(); y += 3)
            for (int x = 0; x < picture.width(); x += 3) {
                colours.insert(picture.pixel(x, y));
                lightness += qGray(picture.pixel(x, y));
                ++count;
            }
        QVERIFY2(colours.size() > 40, qPrintable(QString::number(colours.size())));
        QCOMPARE(lightness / count < 128, dark);
        auto* shown = fixture_->window().pageWidget();
        for (const auto* card : shown->findChildren<Card*>())  // also after the theme has changed
            if (card->isVisible()) QVERIFY(card->mapTo(shown, QPoint()).x() >= kCardPadding);
    }

    void cleanupTestCase() {
        if (fixture_) qInfo("pictures in %s", qPrintable(QDir(folder_).absolutePath()));
        fixture_.reset();
    }

private:
    const QString folder_ = QCoreApplication::applicationDirPath() + QStringLiteral("/../screenshots");
    std::unique_ptr<WorkbenchFixture> fixture_;
};

QTEST_MAIN(ScreenshotsTest)
#include "screenshots_test.moc"
