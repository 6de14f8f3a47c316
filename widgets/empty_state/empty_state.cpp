#include "widgets/empty_state/empty_state.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {
constexpr int kSentenceWidth = 380;
}

EmptyState::EmptyState(const QString& title, const QString& sentence, const QString& action, QWidget* parent)
    : QWidget(parent),
      title_(new QLabel(this)),
      sentence_(new QLabel(this)),
      action_(new QPushButton(this)),
      second_(new QPushButton(this)) {
    title_->setObjectName(QStringLiteral("emptyTitle"));
    title_->setProperty("role", QStringLiteral("title"));
    title_->setAlignment(Qt::AlignCenter);
    sentence_->setObjectName(QStringLiteral("emptySentence"));
    sentence_->setProperty("role", QStringLiteral("muted"));
    sentence_->setAlignment(Qt::AlignCenter);
    sentence_->setWordWrap(true);
    // A width of its own: only then does a wrapped label know its height in a centred layout.
    sentence_->setFixedWidth(kSentenceWidth);
    action_->setObjectName(QStringLiteral("emptyAction"));
    action_->setProperty("primary", true);
    second_->setObjectName(QStringLiteral("emptySecondAction"));
    second_->hide();
    for (auto* button : {action_, second_}) button->setAutoDefault(true);  // Return presses it, as in a dialog
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(kGap);
    layout->addStretch(2);
    layout->addWidget(title_, 0, Qt::AlignHCenter);
    auto* middle = new QHBoxLayout;
    middle->addStretch(1);
    middle->addWidget(sentence_);
    middle->addStretch(1);
    layout->addLayout(middle);
    layout->addSpacing(kGap);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(kGap);
    buttons->addStretch(1);
    buttons->addWidget(action_);
    buttons->addWidget(second_);
    buttons->addStretch(1);
    layout->addLayout(buttons);
    layout->addStretch(3);
    connect(second_, &QPushButton::clicked, this, &EmptyState::secondActionTriggered);
    connect(action_, &QPushButton::clicked, this, &EmptyState::actionTriggered);
    setText(title, sentence, action);
}

void EmptyState::setText(const QString& title, const QString& sentence, const QString& action) {
    title_->setText(title);
    sentence_->setText(sentence);
    sentence_->setMinimumHeight(
        QFontMetrics(themeFont()).boundingRect(QRect(0, 0, kSentenceWidth, 1000), Qt::TextWordWrap, sentence).height() +
        4);
    action_->setText(action);
    action_->setVisible(!action.isEmpty());
}

void EmptyState::setSecondAction(const QString& action) {
    second_->setText(action);
    second_->setVisible(!action.isEmpty());
}

}  // namespace quantoscope
