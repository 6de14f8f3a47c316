// What a stroke on a BitsMap sets: a button a width, one for "as in the model", one that takes decisions back.
#pragma once

#include <QWidget>
#include <cstdint>
#include <optional>
#include <vector>

class QButtonGroup;

namespace quantoscope {

class BrushBar : public QWidget {
    Q_OBJECT
public:
    /// `none` is what "nothing decided" is called: "Auto".
    BrushBar(const QString& none, const QString& none_help, QWidget* parent);
    /// The same widths again change nothing; others begin with nothing chosen.
    void setWidths(const std::vector<std::int64_t>& widths);
    std::optional<std::int64_t> brush() const;

signals:
    void brushChosen(std::optional<std::int64_t> bits);

private:
    void add(int id, const QString& name, const QString& text, const QString& help);

    QString none_;
    QString none_help_;
    std::vector<std::int64_t> widths_;
    QButtonGroup* group_ = nullptr;
};

}  // namespace quantoscope
