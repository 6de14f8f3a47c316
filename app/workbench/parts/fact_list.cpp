#include "app/workbench/parts/fact_list.h"

#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace quantoscope {
namespace {

const char* toneRole(FactTone tone) {
    switch (tone) {
        case FactTone::good:
            return "good";
        case FactTone::bad:
            return "bad";
        case FactTone::plain:
            break;
    }
    return nullptr;
}

/// Two contents with the same arrangement differ in texts only.
std::vector<int> arrangementOf(const QString& title, const QString& subtitle,
                               const std::vector<FactSection>& sections) {
    std::vector<int> arrangement{title.isEmpty() ? 0 : 1, subtitle.isEmpty() ? 0 : 1};
    for (const auto& section : sections) {
        for (const bool there : {!section.heading.isEmpty(), !section.note.isEmpty()}) arrangement.push_back(there);
        arrangement.push_back(static_cast<int>(section.facts.size()));
        for (const auto& fact : section.facts) arrangement.push_back(static_cast<int>(fact.tone));
    }
    return arrangement;
}

}  // namespace

FactList::FactList(QWidget* parent) : QWidget(parent) {
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
}

// Labels stay where only texts change: making thirty of them anew at every click costs 15 ms.
void FactList::setContents(const QString& title, const QString& subtitle, const std::vector<FactSection>& sections) {
    const auto lines = linesOf(title, subtitle, sections);
    auto arrangement = arrangementOf(title, subtitle, sections);
    if (body_ == nullptr || arrangement != arrangement_) {
        arrangement_ = std::move(arrangement);
        rebuild(lines, sections);
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        labels_[i]->setText(lines[i].text);
        labels_[i]->setToolTip(lines[i].help);
        labels_[i]->setWordWrap(lines[i].wraps);
    }
}

std::vector<FactList::Line> FactList::linesOf(const QString& title, const QString& subtitle,
                                              const std::vector<FactSection>& sections) {
    constexpr qsizetype kLongValue = 24;  // characters: longer ones take a second line
    constexpr qsizetype kLongLabel = 20;
    std::vector<Line> lines;
    if (!title.isEmpty()) lines.push_back({title, "title", {}, true});
    if (!subtitle.isEmpty()) lines.push_back({subtitle, "muted", {}, true});
    for (const auto& section : sections) {
        if (!section.heading.isEmpty()) lines.push_back({section.heading.toUpper(), "section", {}, false});
        for (const auto& fact : section.facts) {
            lines.push_back({fact.label, "muted", fact.help, fact.label.size() > kLongLabel});
            lines.push_back({fact.value, toneRole(fact.tone), fact.help, fact.value.size() > kLongValue});
        }
        if (!section.note.isEmpty()) lines.push_back({section.note, "muted", {}, true});
    }
    return lines;
}

void FactList::rebuild(const std::vector<Line>& lines, const std::vector<FactSection>& sections) {
    delete body_;
    body_ = new QWidget(this);
    auto* column = new QVBoxLayout(body_);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    labels_.clear();
    for (const auto& line : lines) {
        auto* label = new QLabel(body_);
        label->setTextFormat(Qt::PlainText);
        if (line.role != nullptr) label->setProperty("role", QLatin1String(line.role));
        labels_.push_back(label);
    }
    std::size_t next = 0;
    for (int i = 0; i < arrangement_[0] + arrangement_[1]; ++i) column->addWidget(labels_[next++]);
    for (const auto& section : sections) addSection(section, *column, next);
    layout()->addWidget(body_);
    body_->show();
}

void FactList::addSection(const FactSection& section, QVBoxLayout& column, std::size_t& next) {
    if (!section.heading.isEmpty()) {
        labels_[next]->setContentsMargins(0, 10, 0, 0);
        column.addWidget(labels_[next++]);
    }
    auto* grid = new QGridLayout;
    grid->setVerticalSpacing(5);
    grid->setColumnStretch(0, 1);
    for (int row = 0; row < static_cast<int>(section.facts.size()); ++row) {
        grid->addWidget(labels_[next++], row, 0);
        auto* value = labels_[next++];
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        grid->addWidget(value, row, 1);
    }
    column.addLayout(grid);
    if (!section.note.isEmpty()) column.addWidget(labels_[next++]);
}

}  // namespace quantoscope
