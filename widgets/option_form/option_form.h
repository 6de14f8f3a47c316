// A form made from option descriptions. What it hands out is always valid: bad text stays in its field, marked, with
// core's sentence below it, and the last valid value stands.
#pragma once

#include <QStringList>
#include <QWidget>
#include <memory>
#include <vector>

#include "core/base/option.h"

class QVBoxLayout;

namespace quantoscope {

class OptionRow;

class OptionForm : public QWidget {
    Q_OBJECT
public:
    explicit OptionForm(QWidget* parent = nullptr);

    /// `values` may leave out defaults; ids in `hidden` get no row (swept elsewhere) and are not handed out.
    void setOptions(const std::vector<OptionDescription>& descriptions, const OptionValues& values,
                    const QStringList& hidden = {});
    /// All shown options, defaults filled in.
    OptionValues values() const;
    /// Only those that differ from their defaults, as recipes hold them.
    OptionValues changedValues() const;
    /// Is some field marked (values() then holds the last valid value for it)?
    bool hasMarkedField() const;

signals:
    /// A field got another valid value. `label` for undo: "Damping 0.05".
    void valuesChanged(const quantoscope::OptionValues& changed_values, const QString& label);
    void optionFocused(const QString& option_id);

private:
    void clear();

    QVBoxLayout* layout_ = nullptr;
    std::vector<OptionRow*> rows_;
};

/// "2 to 8 bits, or −1" for the hint and the tooltip.
QString rangeText(const OptionDescription& description);
/// With its unit; booleans as "on" and "off", a group_size of -1 as "whole row".
QString optionValueText(const OptionDescription& description, const OptionValue& value);

}  // namespace quantoscope
