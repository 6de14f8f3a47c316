// If this fails, text cannot be read in one of the themes, a run has another colour in each view, or numbers are
// written wrongly.
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QLabel>
#include <QTest>
#include <cmath>
#include <limits>

#include "tests/widgets/warnings.h"
#include "widgets/text/number_text.h"
#include "widgets/text/tabular_text.h"
#include "widgets/theme/colour_map.h"

using namespace quantoscope;

class ThemeTest : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnQtWarnings(); }
    void readableTextHasContrast() {
        for (const Tokens* tokens : {&darkTokens(), &lightTokens()}) {
            for (const QColor& ground : {tokens->window, tokens->panel, tokens->raised}) {
                QVERIFY(contrastRatio(tokens->text, ground) >= 7.0);
                QVERIFY2(contrastRatio(tokens->muted, ground) >= 4.5, qPrintable(ground.name()));
            }
            QVERIFY(contrastRatio(tokens->text, tokens->accent_background) >= 4.5);
            QVERIFY(contrastRatio(tokens->on_accent, tokens->accent) >= 4.5);
            for (const QColor& colour : {tokens->good, tokens->warning, tokens->bad})
                QVERIFY(contrastRatio(colour, tokens->panel) >= 4.5);
        }
    }
    void aRunsShadeGrowsFromItsPanelAsBitsFall() {
        for (const Tokens* tokens : {&darkTokens(), &lightTokens()}) {
            double previous = 0.0;
            for (const int bits : {8, 4, 3, 2}) {
                const QColor colour = runColour("#f0902a", bits, *tokens);
                const double contrast = contrastRatio(colour, tokens->panel);
                QVERIFY2(contrast > previous * 1.15, qPrintable(QString::number(contrast)));
                if (bits <= 4) QVERIFY2(contrast >= 3.0, qPrintable(QString::number(contrast)));
                QVERIFY(std::abs(colour.hslHue() - QColor("#f0902a").hslHue()) <= 3);
                previous = contrast;
            }
        }
        QVERIFY(runColour("#f0902a", 0, darkTokens()).hslSaturation() < 80);
    }
    void colourMapsStartAndEndWhereTheyShould() {
        QCOMPARE(mapColour(ColourMap::viridis, 0.0, darkTokens()), QColor("#440154"));
        QCOMPARE(mapColour(ColourMap::viridis, 2.0, darkTokens()), QColor("#fde725"));
        QCOMPARE(mapColour(ColourMap::cividis, 1.0, darkTokens()), QColor("#fee838"));
        QCOMPARE(mapColour(ColourMap::diverging, 0.5, lightTokens()), lightTokens().raised);
        QCOMPARE(mapColour(ColourMap::viridis, std::nan(""), darkTokens()), QColor("#440154"));
    }
    void scalesAreEachOthersInverse() {
        for (const ScaleKind scale : {ScaleKind::linear, ScaleKind::logarithmic})
            for (const double position : {0.0, 0.25, 0.5, 1.0})
                QVERIFY(std::abs(scalePosition(scaleValue(position, {0.01, 10.0}, scale), {0.01, 10.0}, scale) -
                                 position) < 1e-12);
        QCOMPARE(scalePosition(-3.0, {0.01, 1.0}, ScaleKind::logarithmic), 0.0);
        QCOMPARE(scalePosition(5.0, {5.0, 5.0}, ScaleKind::linear), 0.5);
        QCOMPARE(symmetricRange({-1.0, 3.0}), (ValueRange{-3.0, 3.0}));
    }
    void numbersReadWell() {
        QCOMPARE(valueText(6.1432), "6.143");
        QCOMPARE(valueText(0.9781), "0.9781");
        QCOMPARE(valueText(0.0072291), "0.00723");
        QCOMPARE(valueText(1.7e6), "1.7e6");
        QCOMPARE(valueText(-4.2e-5), "−4.2e−5");
        QCOMPARE(valueText(128256.0), QString::fromUtf8("128\u2009256"));
        QCOMPARE(valueText(std::numeric_limits<double>::infinity()), "∞");
        QCOMPARE(valueText(std::nan("")), "–");
        QCOMPARE(valueText(13.4, "dB"), "13.4 dB");
        QCOMPARE(valueText(1.0, "channels"), "1 channel");
        QCOMPARE(valueText(2.0, "channels"), "2 channels");
        QCOMPARE(valueText(1.0, "ms"), "1 ms");
        QCOMPARE(deltaText(0.061), "+0.061");
        QCOMPARE(bytesText(16100000000ULL), "16.1 GB");
        QCOMPARE(bytesText(999), "999 B");
        QCOMPARE(durationText(100), "1 min 40 s");
        QCOMPARE(durationText(11520), "3 h 12 min");
        QCOMPARE(exactText(0.1), "0.1");
    }
    void ticksAreRound() {
        QCOMPARE(niceTicks(0.0, 1.0, 5), (std::vector<double>{0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0}));
        QVERIFY(niceTicks(1.0, 1.0, 5).empty());
        QCOMPARE(indexTicks(31, 8), (std::vector<int>{0, 4, 8, 12, 16, 20, 24, 28, 31}));
        QCOMPARE(indexTicks(0, 8), (std::vector<int>{0}));
    }
    void digitsTakeEqualRoom() {
        const QFontMetricsF metrics(themeFont());
        QCOMPARE(tabularWidth(metrics, "1.11"), tabularWidth(metrics, "8.88"));
    }
    void aChangeOfThemeReachesViews() {
        QLabel label("x");
        label.show();
        ThemeController controller(*qobject_cast<QApplication*>(QCoreApplication::instance()));
        controller.setChoice(ThemeChoice::dark);
        QVERIFY(tokensOf(&label).dark);
        controller.setChoice(ThemeChoice::light);
        QVERIFY(!tokensOf(&label).dark);
        QCOMPARE(themeChoiceFromName(themeChoiceName(ThemeChoice::light)), ThemeChoice::light);
    }
    void theStyleSheetNamesNoUnknownToken() { QVERIFY(!themeStyleSheet(darkTokens()).contains('@')); }
};
QTEST_MAIN(ThemeTest)
#include "theme_test.moc"
