// Label and value rows under small headings: what the Inspector is made of.
#pragma once

#include <QString>
#include <QWidget>
#include <vector>

class QGridLayout;
class QVBoxLayout;

namespace quantoscope {

enum class FactTone { plain, good, bad };

struct Fact {
    QString label;
    QString value;
    QString help;  ///< tooltip
    FactTone tone = FactTone::plain;
};

struct FactSection {
    QString heading;  ///< shown in capitals; empty: none
    std::vector<Fact> facts;
    QString note;  ///< a muted paragraph after the rows
};

class FactList : public QWidget {
    Q_OBJECT

public:
    explicit FactList(QWidget* parent = nullptr);
    void setContents(const QString& title, const QString& subtitle, const std::vector<FactSection>& sections);

private:
    void addSection(const FactSection& section);
    QWidget* body_ = nullptr;
    QVBoxLayout* layout_ = nullptr;
};

}  // namespace quantoscope
