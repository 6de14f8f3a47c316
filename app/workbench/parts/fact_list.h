// Label and value rows under small headings: what the Inspector is made of.
#pragma once

#include <QString>
#include <QWidget>
#include <vector>

class QLabel;
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
    /// A label as wanted: made anew, or the one that stood at its place takes the text.
    struct Line {
        QString text;
        const char* role;
        QString help;
        bool wraps;
    };
    static std::vector<Line> linesOf(const QString& title, const QString& subtitle,
                                     const std::vector<FactSection>& sections);
    void rebuild(const std::vector<Line>& lines, const std::vector<FactSection>& sections);
    void addSection(const FactSection& section, QVBoxLayout& column, std::size_t& next);

    QWidget* body_ = nullptr;
    std::vector<QLabel*> labels_;   ///< in the order of linesOf()
    std::vector<int> arrangement_;  ///< what the labels were laid out for
};

}  // namespace quantoscope
