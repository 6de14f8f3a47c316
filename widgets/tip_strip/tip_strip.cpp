#include "widgets/tip_strip/tip_strip.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

#include "widgets/theme/tokens.h"

namespace quantoscope {

TipStrip::TipStrip(QWidget* parent) : QWidget(parent), text_(new QLabel(this)), close_(new QToolButton(this)) {
    text_->setObjectName(QStringLiteral("tipText"));
    text_->setTextFormat(Qt::RichText);
    text_->setWordWrap(true);
    close_->setObjectName(QStringLiteral("tipDismiss"));
    close_->setText(QStringLiteral("✕"));
    close_->setToolTip(tr("Hide this tip (Help → Show tips again brings it back)"));
    close_->setAccessibleName(tr("Hide this tip"));
    setContentsMargins(kCardPadding, kCardPadding, kCardPadding, 0);  // stands off the edges as cards do
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kCardPadding + 6, 8, 6, 8);
    row->setSpacing(kCardPadding);
    row->addWidget(text_, 1, Qt::AlignVCenter);
    row->addWidget(close_, 0, Qt::AlignTop);
    connect(close_, &QToolButton::clicked, this, &TipStrip::dismissed);
    hide();
}

void TipStrip::setTip(const QString& title, const QString& text) {
    tip_ = text;
    text_->setText(QStringLiteral("<b>%1</b>&nbsp; %2").arg(title.toHtmlEscaped(), text.toHtmlEscaped()));
    setAccessibleName(tr("Tip: %1").arg(title));
    setAccessibleDescription(text);
    setVisible(!text.isEmpty());
}

bool TipStrip::event(QEvent* event) {
    if (event->type() != QEvent::ShortcutOverride && event->type() != QEvent::KeyPress) return QWidget::event(event);
    auto* key = static_cast<QKeyEvent*>(event);
    if (key->key() != Qt::Key_Escape) return QWidget::event(event);
    event->accept();  // else the window's own Escape would take the key
    if (event->type() == QEvent::KeyPress) emit dismissed();
    return true;
}

void TipStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing, true);
    const Tokens& tokens = tokensOf(this);
    painter.setPen(mixed(tokens.accent, tokens.panel, tokens.dark ? 0.4 : 0.3));
    painter.setBrush(mixed(tokens.accent, tokens.panel, tokens.dark ? 0.12 : 0.06));
    const QRectF box(contentsRect());
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), kCardRadius, kCardRadius);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.accent);
    painter.drawRoundedRect(QRectF(box.left() + 6, box.top() + 9, 3, box.height() - 18), 1.5, 1.5);
}

}  // namespace quantoscope
