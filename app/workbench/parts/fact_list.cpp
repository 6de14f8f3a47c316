#include "app/workbench/parts/fact_list.h"

#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace quantoscope {
namespace {

QLabel* label(const QString& text, const char* role, QWidget* parent) {
    auto* made = new QLabel(text, parent);
    made->setTextFormat(Qt::PlainText);
    if (role != nullptr) made->setProperty("role", QLatin1String(role));
    return made;
}

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

}  // namespace

FactList::FactList(QWidget* parent) : QWidget(parent) {
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
}

void FactList::setContents(const QString& title, const QString& subtitle, const std::vector<FactSection>& sections) {
    delete body_;
    body_ = new QWidget(this);
    layout_ = new QVBoxLayout(body_);
    layout_->setContentsMargins(0, 0, 0, 0);
    layout_->setSpacing(6);
    if (!title.isEmpty()) {
        auto* head = label(title, "title", body_);
        head->setWordWrap(true);
        layout_->addWidget(head);
    }
    if (!subtitle.isEmpty()) {
        auto* line = label(subtitle, "muted", body_);
        line->setWordWrap(true);
        layout_->addWidget(line);
    }
    for (const auto& section : sections) addSection(section);
    layout()->addWidget(body_);
    body_->show();
}

void FactList::addSection(const FactSection& section) {
    if (!section.heading.isEmpty()) {
        auto* head = label(section.heading.toUpper(), "section", body_);
        head->setContentsMargins(0, 10, 0, 0);
        layout_->addWidget(head);
    }
    auto* grid = new QGridLayout;
    grid->setVerticalSpacing(5);
    grid->setColumnStretch(0, 1);
    int row = 0;
    for (const auto& fact : section.facts) {
        auto* name = label(fact.label, "muted", body_);
        auto* value = label(fact.value, toneRole(fact.tone), body_);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        value->setWordWrap(fact.value.size() > 24);
        for (auto* part : {name, value}) part->setToolTip(fact.help);
        grid->addWidget(name, row, 0);
        grid->addWidget(value, row, 1);
        ++row;
    }
    layout_->addLayout(grid);
    if (section.note.isEmpty()) return;
    auto* note = label(section.note, "muted", body_);
    note->setWordWrap(true);
    layout_->addWidget(note);
}

}  // namespace quantoscope
