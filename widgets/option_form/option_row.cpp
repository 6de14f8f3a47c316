#include "widgets/option_form/option_row.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/option_form/option_form.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

QString optionToolTip(const OptionDescription& description) {
    QString text = QStringLiteral("<b>%1</b><br>%2")
                       .arg(QString::fromStdString(description.label).toHtmlEscaped(),
                            QString::fromStdString(description.help).toHtmlEscaped());
    const QString range = rangeText(description);
    if (!range.isEmpty()) text += QStringLiteral("<br>Allowed: ") + range.toHtmlEscaped();
    return text + QStringLiteral("<br>Default: ") +
           optionValueText(description, description.default_value).toHtmlEscaped();
}

}  // namespace

OptionRow::OptionRow(const OptionDescription& description, const OptionValue& value, QWidget* parent)
    : QWidget(parent),
      description_(description),
      value_(value),
      reset_(new QToolButton(this)),
      error_(new QLabel(this)) {
    const QString id = QString::fromStdString(description.id);
    setObjectName(QStringLiteral("option_") + id);
    setToolTip(optionToolTip(description));
    auto* label = new QLabel(QString::fromStdString(description.label), this);
    label->setProperty("role", QStringLiteral("muted"));
    QWidget* control = makeControl();
    control->setObjectName(QStringLiteral("value_") + id);
    control->setAccessibleName(QString::fromStdString(description.label));
    control->setAccessibleDescription(QString::fromStdString(description.help));
    control->installEventFilter(this);
    label->setBuddy(control);
    auto* unit = new QLabel(QString::fromStdString(description.unit), this);
    unit->setProperty("role", QStringLiteral("muted"));
    unit->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    unit->setWordWrap(true);
    control->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    reset_->setObjectName(QStringLiteral("reset_") + id);
    reset_->setText(QStringLiteral("↺"));
    reset_->setToolTip(QStringLiteral("Back to the default: ") +
                       optionValueText(description, description.default_value));
    reset_->setAccessibleName(reset_->toolTip());
    QSizePolicy keeps_room = reset_->sizePolicy();
    keeps_room.setRetainSizeWhenHidden(true);
    reset_->setSizePolicy(keeps_room);
    error_->setObjectName(QStringLiteral("error_") + id);
    error_->setProperty("role", QStringLiteral("bad"));
    error_->setWordWrap(true);
    error_->setTextFormat(Qt::PlainText);
    auto* line = new QHBoxLayout;
    line->setSpacing(6);
    line->addWidget(control, 3);
    line->addWidget(unit, 2);
    line->addWidget(reset_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(3);
    layout->addWidget(label);
    layout->addLayout(line);
    layout->addWidget(error_);
    connect(reset_, &QToolButton::clicked, this, [this] {
        show(description_.default_value);
        set(description_.default_value);
    });
    mark({});
    show(value);
}

QWidget* OptionRow::makeControl() {
    if (description_.type == OptionType::boolean) return makeCheckBox();
    const bool listed = description_.type == OptionType::choice && !description_.choices.empty();
    return listed ? makeComboBox() : makeLineEdit();
}

QWidget* OptionRow::makeCheckBox() {
    check_box_ = new QCheckBox(QStringLiteral("on"), this);
    connect(check_box_, &QCheckBox::toggled, this, [this](bool on) { set(OptionValue(on)); });
    return check_box_;
}

QWidget* OptionRow::makeComboBox() {
    combo_box_ = new QComboBox(this);
    for (const std::string& choice : description_.choices) combo_box_->addItem(QString::fromStdString(choice));
    connect(combo_box_, &QComboBox::textActivated, this, &OptionRow::take);
    return combo_box_;
}

QWidget* OptionRow::makeLineEdit() {
    edit_ = new QLineEdit(this);
    edit_->setPlaceholderText(rangeText(description_));
    connect(edit_, &QLineEdit::textEdited, this, &OptionRow::take);
    return edit_;
}

void OptionRow::take(const QString& text) {
    // A minus typed from the keyboard's other layer or pasted from a paper is a minus all the same.
    const QString plain = text.trimmed().replace(QChar(0x2212), QLatin1Char('-'));
    const auto parsed = parseOption(description_, plain.toStdString());
    if (!parsed) {
        QString sentence = QString::fromStdString(parsed.error().message);
        if (!sentence.isEmpty()) sentence[0] = sentence[0].toUpper();
        return mark(sentence);
    }
    set(*parsed);
}

void OptionRow::set(const OptionValue& value) {
    mark({});
    const bool changed = value != value_;
    value_ = value;
    reset_->setVisible(value_ != description_.default_value);
    if (changed)
        emit valueChanged(QString::fromStdString(description_.label) + QLatin1Char(' ') +
                          optionValueText(description_, value_));
}

void OptionRow::show(const OptionValue& value) {
    const QString text = QString::fromStdString(optionText(value));
    if (check_box_ != nullptr) {
        const QSignalBlocker quiet(check_box_);
        check_box_->setChecked(std::holds_alternative<bool>(value) && std::get<bool>(value));
    }
    if (combo_box_ != nullptr) combo_box_->setCurrentText(text);
    if (edit_ != nullptr) edit_->setText(text);
    reset_->setVisible(value != description_.default_value);
}

void OptionRow::mark(const QString& sentence) {
    marked_ = !sentence.isEmpty();
    error_->setText(sentence);
    error_->setVisible(marked_);
    if (edit_ == nullptr || edit_->property("invalid").toBool() == marked_) return;
    edit_->setProperty("invalid", marked_);
    restyle(edit_);
}

bool OptionRow::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusIn) emit focused(QString::fromStdString(description_.id));
    // The wheel scrolls the form; it must not change a choice on the way.
    if (event->type() == QEvent::Wheel && watched == combo_box_) {
        event->ignore();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace quantoscope
