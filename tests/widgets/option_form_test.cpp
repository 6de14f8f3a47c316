// If this fails, a mistyped option is taken silently, or a valid one is lost.
#include "widgets/option_form/option_form.h"

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "tests/widgets/sample_pipeline.h"
#include "tests/widgets/warnings.h"

using namespace quantoscope;

class OptionFormTest : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnQtWarnings(); }
    void defaultsAreShownAndNothingCountsAsChanged() {
        OptionForm form;
        form.setOptions(sampleOptions(), {}, {"bits"});
        QVERIFY(form.findChild<QLineEdit*>("value_bits") == nullptr);
        QCOMPARE(form.findChild<QLineEdit*>("value_group_size")->text(), "128");
        QVERIFY(form.changedValues().empty());
        QCOMPARE(form.values().size(), std::size_t{5});
        QVERIFY(form.findChild<QToolButton*>("reset_damping")->isHidden());
    }
    void badTextIsMarkedInPlaceAndTheLastValueStands() {
        OptionForm form;
        form.setOptions(sampleOptions(), {});
        form.show();
        auto* edit = form.findChild<QLineEdit*>("value_damping");
        QSignalSpy changed(&form, &OptionForm::valuesChanged);
        edit->selectAll();
        QTest::keyClicks(edit, "0.05x");
        QVERIFY(form.hasMarkedField());
        auto* error = form.findChild<QLabel*>("error_damping");
        QVERIFY(error->isVisible());
        QVERIFY(error->text().contains("damping"));
        QCOMPARE(realOption(form.values(), "damping"), 0.05);
        QTest::keyClick(edit, Qt::Key_Backspace);
        QVERIFY(!form.hasMarkedField());
        QVERIFY(!error->isVisible());
        QVERIFY(changed.count() >= 1);
        QCOMPARE(changed.last()[1].toString(), "Damping 0.05 of mean diagonal");
    }
    void specialValuesAndAPastedMinusAreTaken() {
        OptionForm form;
        form.setOptions(sampleOptions(), {});
        auto* edit = form.findChild<QLineEdit*>("value_group_size");
        edit->clear();
        QTest::keyClicks(edit, "-1");
        QCOMPARE(integerOption(form.values(), "group_size"), std::int64_t{-1});
        edit->setText({});
        edit->insert(QString::fromUtf8("−1"));
        QVERIFY(!form.hasMarkedField());
        QCOMPARE(rangeText(sampleOptions()[1]), "8 to 1024 columns, or -1 (whole row)");
    }
    void resetGoesBackToTheDefault() {
        OptionForm form;
        form.setOptions(sampleOptions(), {{"desc_act", OptionValue(true)}});
        form.show();
        QCOMPARE(form.changedValues().size(), std::size_t{1});
        auto* reset = form.findChild<QToolButton*>("reset_desc_act");
        QVERIFY(reset->isVisible());
        QSignalSpy changed(&form, &OptionForm::valuesChanged);
        reset->click();
        QCOMPARE(changed.count(), 1);
        QVERIFY(form.changedValues().empty());
        QVERIFY(!form.findChild<QCheckBox*>("value_desc_act")->isChecked());
    }
    void aValueOfTheWrongTypeDoesNotEnter() {
        OptionForm form;
        form.setOptions(sampleOptions(), {{"damping", OptionValue(std::string("much"))}});
        QCOMPARE(realOption(form.values(), "damping"), 0.01);
    }
};
QTEST_MAIN(OptionFormTest)
#include "option_form_test.moc"
