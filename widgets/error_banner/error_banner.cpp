#include "widgets/error_banner/error_banner.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/theme/tokens.h"

namespace quantoscope {
namespace {

QString detailsText(const Error& error) {
    QStringList parts;
    if (!error.path.empty()) parts << QString::fromStdString(error.path);
    if (!error.cause.empty()) parts << QString::fromStdString(error.cause);
    return parts.join(QLatin1Char('\n'));
}

QLabel* wrappedLabel(const char* name, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setObjectName(QString::fromLatin1(name));
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

}  // namespace

ErrorBanner::ErrorBanner(QWidget* parent)
    : QWidget(parent),
      message_(wrappedLabel("errorMessage", this)),
      details_(wrappedLabel("errorDetails", this)),
      action_(new QPushButton(this)),
      toggle_(new QToolButton(this)) {
    setObjectName(QStringLiteral("errorBanner"));
    action_->setObjectName(QStringLiteral("errorAction"));
    toggle_->setObjectName(QStringLiteral("errorDetailsToggle"));
    toggle_->setText(QStringLiteral("Details"));
    toggle_->setCheckable(true);
    details_->setProperty("role", QStringLiteral("muted"));
    auto* close = new QToolButton(this);
    close->setObjectName(QStringLiteral("errorDismiss"));
    close->setText(QStringLiteral("✕"));
    close->setAccessibleName(QStringLiteral("Dismiss"));
    auto* line = new QHBoxLayout;
    line->setSpacing(kGap);
    line->addWidget(message_, 1);
    for (QWidget* button : std::initializer_list<QWidget*>{action_, toggle_, close}) line->addWidget(button);
    auto* layout = new QVBoxLayout(this);
    setContentsMargins(kCardPadding, kCardPadding, kCardPadding, 0);  // stands off the edges as cards do
    layout->setContentsMargins(kCardPadding + 4, 8, 8, 8);
    layout->setSpacing(4);
    layout->addLayout(line);
    layout->addWidget(details_);
    details_->hide();
    connect(toggle_, &QToolButton::toggled, details_, &QWidget::setVisible);
    connect(action_, &QPushButton::clicked, this, &ErrorBanner::actionTriggered);
    connect(close, &QToolButton::clicked, this, &ErrorBanner::dismiss);
    hide();
}

void ErrorBanner::showError(const Error& error, const QString& action) {
    if (error.kind == ErrorKind::cancelled) return dismiss();
    message_->setText(QString::fromStdString(error.message));
    details_->setText(detailsText(error));
    toggle_->setChecked(false);
    toggle_->setVisible(!details_->text().isEmpty());
    action_->setText(action);
    action_->setVisible(!action.isEmpty());
    setAccessibleName(QStringLiteral("Error: ") + message_->text());
    show();
}

void ErrorBanner::dismiss() {
    if (isHidden()) return;
    hide();
    emit dismissed();
}

void ErrorBanner::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing, true);
    const Tokens& tokens = tokensOf(this);
    painter.setPen(mixed(tokens.bad, tokens.panel, 0.5));
    painter.setBrush(mixed(tokens.bad, tokens.panel, tokens.dark ? 0.14 : 0.07));
    const QRectF box(contentsRect());
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), kCardRadius, kCardRadius);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.bad);
    painter.drawRoundedRect(QRectF(box.left() + 6, box.top() + 9, 3, box.height() - 18), 1.5, 1.5);
}

}  // namespace quantoscope
