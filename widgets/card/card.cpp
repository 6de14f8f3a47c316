#include "widgets/card/card.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPainterPath>
#include <QVBoxLayout>

#include "widgets/theme/tokens.h"

namespace quantoscope {
namespace {

/// A label that may become narrower than its text and then ends in an ellipsis, so that cards can stand side by side.
class ElidedLabel final : public QLabel {
public:
    using QLabel::QLabel;
    QSize minimumSizeHint() const override { return {0, QLabel::minimumSizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override {
        if (fontMetrics().horizontalAdvance(text()) <= width()) return QLabel::paintEvent(event);
        QPainter painter(this);
        painter.setPen(palette().color(foregroundRole()));
        painter.drawText(rect(), Qt::AlignVCenter | Qt::AlignLeft,
                         fontMetrics().elidedText(text(), Qt::ElideRight, width()));
    }
};

}  // namespace

Card::Card(const QString& title, QWidget* parent)
    : QFrame(parent),
      title_(new QLabel(title, this)),
      detail_(new ElidedLabel(this)),
      note_(new ElidedLabel(this)),
      header_(new QHBoxLayout),
      below_(new QHBoxLayout),
      layout_(new QVBoxLayout(this)) {
    title_->setProperty("role", QStringLiteral("title"));
    detail_->setProperty("role", QStringLiteral("muted"));
    note_->setProperty("role", QStringLiteral("muted"));
    title_->setObjectName(QStringLiteral("cardTitle"));
    note_->setObjectName(QStringLiteral("cardNote"));
    header_->setSpacing(kGap);
    header_->addWidget(title_);
    header_->addWidget(detail_);
    header_->addStretch(1);
    header_->addWidget(note_);
    layout_->setContentsMargins(kCardPadding, kCardPadding, kCardPadding, kCardPadding);
    layout_->setSpacing(kGap);
    below_->setSpacing(kGap);
    layout_->addLayout(header_);
    layout_->addLayout(below_);
    detail_->hide();
    note_->hide();
}

void Card::setTitle(const QString& title) {
    title_->setText(title);
    placeTexts();
}

void Card::setDetail(const QString& text) {
    detail_->setText(text);
    detail_->setToolTip(text);
    detail_->setVisible(!text.isEmpty());
    placeTexts();
}

void Card::setNote(const QString& text) {
    note_->setText(text);
    note_->setToolTip(text);
    note_->setVisible(!text.isEmpty());
    placeTexts();
}

void Card::setTopEdge(const QColor& colour) {
    top_edge_ = colour;
    update();
}

void Card::addHeaderWidget(QWidget* widget) {
    header_->addWidget(widget);
    header_widgets_.append(widget);
    placeTexts();
}

int Card::headerWidth(bool with_detail, bool with_note) const {
    const auto text = [](const QLabel* label) { return label->fontMetrics().horizontalAdvance(label->text()) + kGap; };
    int width = 2 * kCardPadding + kGap + title_->sizeHint().width();
    for (const auto* widget : header_widgets_) width += kGap + widget->sizeHint().width();
    if (with_detail && !detail_->text().isEmpty()) width += text(detail_);
    if (with_note && !note_->text().isEmpty()) width += text(note_);
    return width;
}

void Card::placeTexts() {
    const int below = headerWidth(true, true) <= width() ? 0 : headerWidth(true, false) <= width() ? 1 : 2;
    if (below == texts_below_) return;
    texts_below_ = below;
    for (QLabel* label : {detail_, note_}) {
        header_->removeWidget(label);
        below_->removeWidget(label);
    }
    constexpr int kAfterTitle = 1;
    if (below < 2)
        header_->insertWidget(kAfterTitle, detail_);
    else
        below_->addWidget(detail_, 1);
    if (below == 0)
        header_->insertWidget(kAfterTitle + 2, note_);  // behind the detail and the stretch
    else
        below_->addWidget(note_, 1);
}

void Card::resizeEvent(QResizeEvent* event) {
    QFrame::resizeEvent(event);
    placeTexts();
}

bool Card::event(QEvent* event) {
    if (event->type() == QEvent::LayoutRequest || event->type() == QEvent::FontChange) placeTexts();
    return QFrame::event(event);
}

void Card::setBody(QWidget* body) {
    if (body_ != nullptr) {
        layout_->removeWidget(body_);
        body_->deleteLater();
    }
    body_ = body;
    layout_->addWidget(body_, 1);
}

void Card::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing, true);
    const Tokens& tokens = tokensOf(this);
    QPainterPath outline;
    outline.addRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kCardRadius, kCardRadius);
    painter.fillPath(outline, tokens.panel);
    if (top_edge_.isValid()) {
        painter.save();
        painter.setClipPath(outline);
        painter.fillRect(QRectF(0, 0, width(), kRunEdgePixels), top_edge_);
        painter.restore();
    }
    painter.setPen(tokens.line);
    painter.setBrush(Qt::NoBrush);
    if (top_edge_.isValid()) painter.setClipRect(QRectF(0, kRunEdgePixels, width(), height()));
    painter.drawPath(outline);
}

QWidget* padded(QWidget* content) {
    auto* around = new QWidget(content->parentWidget());
    auto* layout = new QVBoxLayout(around);
    layout->setContentsMargins(kCardPadding, kCardPadding, kCardPadding, kCardPadding);
    layout->addWidget(content);
    return around;
}

}  // namespace quantoscope
