// One option of a form: label, control, unit, reset, the error below.
#pragma once

#include <QWidget>

#include "core/base/option.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;

namespace quantoscope {

class OptionRow : public QWidget {
    Q_OBJECT
public:
    OptionRow(const OptionDescription& description, const OptionValue& value, QWidget* parent);
    const OptionDescription& description() const { return description_; }
    const OptionValue& value() const { return value_; }
    bool isMarked() const { return marked_; }

signals:
    void valueChanged(const QString& label);
    void focused(const QString& option_id);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeControl();
    QWidget* makeCheckBox();
    QWidget* makeComboBox();
    QWidget* makeLineEdit();
    void take(const QString& text);
    void set(const OptionValue& value);
    void show(const OptionValue& value);
    void mark(const QString& sentence);

    OptionDescription description_;
    OptionValue value_;
    bool marked_ = false;
    QCheckBox* check_box_ = nullptr;
    QComboBox* combo_box_ = nullptr;
    QLineEdit* edit_ = nullptr;
    QToolButton* reset_ = nullptr;
    QLabel* error_ = nullptr;
};

}  // namespace quantoscope
