#include "widgets/range_control/range_control.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include "widgets/text/number_text.h"

namespace quantoscope {

RangeControl::RangeControl(QWidget* parent)
    : QWidget(parent),
      strip_(new RangeStrip(this)),
      read_out_(new QLabel(this)),
      fit_(new QToolButton(this)),
      lock_(new QToolButton(this)) {
    setObjectName(QStringLiteral("rangeControl"));
    read_out_->setObjectName(QStringLiteral("rangeReadOut"));
    read_out_->setProperty("role", QStringLiteral("muted"));
    fit_->setObjectName(QStringLiteral("rangeFit"));
    fit_->setText(QStringLiteral("Fit"));
    fit_->setToolTip(QStringLiteral("Fit 0.5 to 99.5 % of the values"));
    lock_->setObjectName(QStringLiteral("rangeLock"));
    lock_->setText(QStringLiteral("Lock"));
    lock_->setCheckable(true);
    lock_->setToolTip(QStringLiteral("Keep this range for all maps while data, metric or runs change"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    for (QWidget* part : std::initializer_list<QWidget*>{strip_, read_out_, fit_, lock_}) layout->addWidget(part);
    connect(strip_, &RangeStrip::rangeEdited, this, [this](const ValueRange& range) {
        edited_ = true;
        showRange();
        emit rangeChanged(range);
    });
    connect(strip_, &RangeStrip::autoFitWanted, this, &RangeControl::autoFit);
    connect(fit_, &QToolButton::clicked, this, &RangeControl::autoFit);
    connect(lock_, &QToolButton::toggled, this, &RangeControl::lockChanged);
}

void RangeControl::setValues(const std::vector<double>& values, ScaleKind scale) {
    values_ = values;
    strip_->setValues(values, scale);
    if (!isLocked() && !edited_) autoFit();
}

void RangeControl::setColourMap(ColourMap map) {
    strip_->setColourMap(map);
}

void RangeControl::setUnit(const QString& unit) {
    unit_ = unit;
    showRange();
}

void RangeControl::setRange(const ValueRange& range) {
    strip_->setRange(range);
    showRange();
}

ValueRange RangeControl::range() const {
    return strip_->range();
}
bool RangeControl::isLocked() const {
    return lock_->isChecked();
}
void RangeControl::setLocked(bool locked) {
    lock_->setChecked(locked);
}

void RangeControl::autoFit() {
    edited_ = false;
    const ValueRange fitted = autoFitRange(values_);
    const bool changed = !(fitted == range());
    setRange(fitted);
    if (changed) emit rangeChanged(fitted);
}

void RangeControl::showRange() {
    read_out_->setText(valueText(range().low) + QStringLiteral(" – ") + valueText(range().high, unit_));
}

}  // namespace quantoscope
