#include "widgets/option_form/option_form.h"

#include <QVBoxLayout>
#include <algorithm>

#include "widgets/option_form/option_row.h"
#include "widgets/text/number_text.h"
#include "widgets/theme/tokens.h"

namespace quantoscope {

OptionForm::OptionForm(QWidget* parent) : QWidget(parent), layout_(new QVBoxLayout(this)) {
    setObjectName(QStringLiteral("optionForm"));
    layout_->setContentsMargins(0, 0, 0, 0);
    layout_->setSpacing(kCardPadding);
    layout_->addStretch(1);
}

void OptionForm::clear() {
    for (OptionRow* row : rows_) {
        row->hide();
        row->deleteLater();
    }
    rows_.clear();
}

void OptionForm::setOptions(const std::vector<OptionDescription>& descriptions, const OptionValues& values,
                            const QStringList& hidden) {
    clear();
    for (const OptionDescription& description : descriptions) {
        if (hidden.contains(QString::fromStdString(description.id))) continue;
        const auto given = values.find(description.id);
        const bool fits = given != values.end() && given->second.index() == description.default_value.index();
        auto* row = new OptionRow(description, fits ? given->second : description.default_value, this);
        layout_->insertWidget(layout_->count() - 1, row);
        connect(row, &OptionRow::valueChanged, this,
                [this](const QString& label) { emit valuesChanged(changedValues(), label); });
        connect(row, &OptionRow::focused, this, &OptionForm::optionFocused);
        rows_.push_back(row);
    }
}

OptionValues OptionForm::values() const {
    OptionValues result;
    for (const OptionRow* row : rows_) result[row->description().id] = row->value();
    return result;
}

OptionValues OptionForm::changedValues() const {
    OptionValues result;
    for (const OptionRow* row : rows_)
        if (row->value() != row->description().default_value) result[row->description().id] = row->value();
    return result;
}

bool OptionForm::hasMarkedField() const {
    return std::any_of(rows_.begin(), rows_.end(), [](const OptionRow* row) { return row->isMarked(); });
}

QString optionValueText(const OptionDescription& description, const OptionValue& value) {
    if (const auto* on = std::get_if<bool>(&value)) return *on ? QStringLiteral("on") : QStringLiteral("off");
    const bool is_special = std::holds_alternative<std::int64_t>(value) &&
                            std::find(description.special.begin(), description.special.end(),
                                      std::get<std::int64_t>(value)) != description.special.end();
    if (is_special && description.id == "group_size") return QStringLiteral("whole row");
    const QString text = QString::fromStdString(optionText(value));
    const QString unit = QString::fromStdString(description.unit);
    return unit.isEmpty() || is_special ? text : text + QLatin1Char(' ') + unit;
}

QString rangeText(const OptionDescription& description) {
    const bool is_number = description.type == OptionType::integer || description.type == OptionType::real;
    if (!is_number) return {};
    QString text = QString::fromStdString(optionText(description.minimum)) + QStringLiteral(" to ") +
                   QString::fromStdString(optionText(description.maximum));
    if (!description.unit.empty()) text += QLatin1Char(' ') + QString::fromStdString(description.unit);
    for (const std::int64_t special : description.special) {
        const QString name = optionValueText(description, OptionValue(special));
        text += QStringLiteral(", or %1").arg(special);
        if (name != QString::number(special)) text += QStringLiteral(" (%1)").arg(name);
    }
    return text;
}

}  // namespace quantoscope
