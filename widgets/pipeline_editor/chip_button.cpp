#include "widgets/pipeline_editor/chip_button.h"

#include <QPainter>

#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr int kHeight = 26;
constexpr int kPadding = 11;
constexpr int kDot = 8;
constexpr int kLongest = 190;

int leadWidth(const Chip& chip) {
    return chip.dot.isValid() || !chip.reason.isEmpty() ? kDot + 6 : 0;
}

QString toolTipOf(const Chip& chip) {
    QString text = QStringLiteral("<b>%1</b>").arg(chip.text.toHtmlEscaped());
    if (!chip.help.isEmpty()) text += QStringLiteral("<br>") + chip.help.toHtmlEscaped();
    if (!chip.reason.isEmpty()) text += QStringLiteral("<br>⚠ ") + chip.reason.toHtmlEscaped();
    if (!chip.enabled) text += QStringLiteral("<br>Switched off: left out of the run");
    return text;
}

}  // namespace

ChipButton::ChipButton(const Chip& chip, QWidget* parent) : QAbstractButton(parent), chip_(chip) {
    setObjectName(QStringLiteral("chip_%1_%2").arg(static_cast<int>(chip.ref.kind)).arg(chip.ref.index));
    setText(chip.text);
    setToolTip(toolTipOf(chip));
    setAccessibleName(chip.text);
    setAccessibleDescription(!chip.reason.isEmpty() ? chip.reason
                             : chip.enabled         ? chip.help
                                                    : QStringLiteral("switched off"));
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    connect(this, &QAbstractButton::clicked, this, &ChipButton::selected);
}

void ChipButton::setSelected(bool selected) {
    selected_ = selected;
    update();
}

QSize ChipButton::sizeHint() const {
    const int width = fontMetrics().horizontalAdvance(chip_.text) + 2 * kPadding + leadWidth(chip_);
    return {std::clamp(width, kHeight + 4, kLongest), kHeight};
}

QSize ChipButton::minimumSizeHint() const {
    return {kHeight, kHeight};
}

void ChipButton::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing, true);
    if (dragging_) painter.setOpacity(0.4);
    const Tokens& tokens = tokensOf(this);
    const bool bad = !chip_.reason.isEmpty();
    QColor edge = selected_ ? tokens.accent : bad ? tokens.bad : underMouse() ? tokens.faint : tokens.line;
    QPen pen(edge, selected_ || hasFocus() ? 1.5 : 1.0);
    if (hasFocus() && !selected_) pen.setColor(tokens.accent);
    if (!chip_.enabled) pen.setStyle(Qt::DashLine);
    painter.setPen(pen);
    painter.setBrush(selected_ ? tokens.accent_background : chip_.enabled ? tokens.raised : tokens.panel);
    const QRectF body = QRectF(rect()).adjusted(1, 1, -1, -1);
    painter.drawRoundedRect(body, body.height() / 2, body.height() / 2);
    const double middle = body.center().y();
    painter.setPen(Qt::NoPen);
    if (bad) {
        painter.setPen(tokens.bad);
        painter.setFont(titleFont());
        painter.drawText(QRectF(kPadding, 0, kDot, height()), Qt::AlignCenter, QStringLiteral("!"));
    } else if (chip_.dot.isValid()) {
        painter.setBrush(chip_.enabled ? chip_.dot : mixed(chip_.dot, tokens.panel, 0.4));
        painter.drawEllipse(QRectF(kPadding, middle - kDot / 2.0, kDot, kDot));
    }
    QFont own = font();
    own.setStrikeOut(!chip_.enabled);
    painter.setFont(own);
    painter.setPen(!chip_.enabled ? tokens.muted : selected_ ? tokens.accent : tokens.text);
    const QRect text_area = rect().adjusted(kPadding + leadWidth(chip_), 0, -kPadding + 2, 0);
    painter.drawText(text_area, Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetrics(own).elidedText(chip_.text, Qt::ElideMiddle, text_area.width()));
}

AddChipButton::AddChipButton(const QString& name, QWidget* parent) : QAbstractButton(parent) {
    setText(QStringLiteral("+"));
    setToolTip(QStringLiteral("Add ") + name);
    setAccessibleName(toolTip());
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
}

QSize AddChipButton::sizeHint() const {
    return {kHeight + 6, kHeight};
}

void AddChipButton::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing, true);
    const Tokens& tokens = tokensOf(this);
    const bool lit = underMouse() || hasFocus();
    painter.setPen(QPen(lit ? tokens.accent : tokens.faint, 1.0, Qt::DashLine));
    painter.setBrush(Qt::NoBrush);
    const QRectF body = QRectF(rect()).adjusted(1, 1, -1, -1);
    painter.drawRoundedRect(body, body.height() / 2, body.height() / 2);
    painter.setPen(lit ? tokens.accent : tokens.muted);
    painter.drawText(rect(), Qt::AlignCenter, text());
}

}  // namespace quantoscope
