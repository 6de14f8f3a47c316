#include "widgets/locate/locate_popup.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr int kWidth = 560;
constexpr int kShownRows = 12;

// Text with matched letters in the accent colour, group and shortcut at the right.
class LocateDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {kWidth - 20, kRowPixels}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Tokens& tokens = tokensOf(option.palette);
        painter->save();
        if (option.state & QStyle::State_Selected) {
            painter->setRenderHint(QPainter::Antialiasing, true);
            painter->setPen(Qt::NoPen);
            painter->setBrush(tokens.accent_background);
            painter->drawRoundedRect(option.rect, 4, 4);
        }
        const QRect text_area = option.rect.adjusted(8, 0, -8, 0);
        painter->setFont(smallFont());
        painter->setPen(tokens.muted);
        const QString shortcut = index.data(LocateModel::kShortcutRole).toString();
        const QString right = shortcut.isEmpty() ? index.data(LocateModel::kGroupRole).toString() : shortcut;
        painter->drawText(text_area, Qt::AlignRight | Qt::AlignVCenter, right);
        painter->setFont(themeFont());
        drawMatched(*painter, text_area, index, tokens);
        painter->restore();
    }

private:
    static void drawMatched(QPainter& painter, const QRect& area, const QModelIndex& index, const Tokens& tokens) {
        const QString text = index.data().toString();
        const QVariantList positions = index.data(LocateModel::kPositionsRole).toList();
        const QFontMetricsF metrics(painter.font());
        const double baseline = area.center().y() + (metrics.ascent() - metrics.descent()) / 2;
        for (qsizetype i = 0; i < text.size(); ++i) {
            const bool matched = positions.contains(QVariant(static_cast<int>(i)));
            painter.setPen(matched ? tokens.accent : tokens.text);
            // Placed by the advance of what is before, so kerning stays as in running text.
            painter.drawText(QPointF(area.left() + metrics.horizontalAdvance(text.left(i)), baseline), text.mid(i, 1));
        }
    }
};

}  // namespace

LocatePopup::LocatePopup(QWidget* parent)
    : QFrame(parent, Qt::Popup), edit_(new QLineEdit(this)), list_(new QListView(this)), model_(new LocateModel(this)) {
    setObjectName(QStringLiteral("locatePopup"));
    edit_->setObjectName(QStringLiteral("locateEdit"));
    edit_->setPlaceholderText(QStringLiteral("Go to a layer, a run, an action…"));
    edit_->setAccessibleName(QStringLiteral("Locate"));
    edit_->installEventFilter(this);
    list_->setObjectName(QStringLiteral("locateList"));
    list_->setModel(model_);
    list_->setItemDelegate(new LocateDelegate(list_));
    list_->setFocusPolicy(Qt::NoFocus);
    list_->setUniformItemSizes(true);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(6);
    layout->addWidget(edit_);
    layout->addWidget(list_);
    setFrameShape(QFrame::StyledPanel);
    connect(edit_, &QLineEdit::textChanged, this, [this](const QString& text) {
        model_->setPattern(text);
        list_->setCurrentIndex(model_->index(0));
    });
    connect(list_, &QListView::clicked, this, &LocatePopup::choose);
}

void LocatePopup::setItems(std::vector<LocateItem> items) {
    model_->setItems(std::move(items));
}

void LocatePopup::popUp() {
    const QWidget* window = parentWidget()->window();
    resize(kWidth, kShownRows * kRowPixels + 56);
    move(window->mapToGlobal(QPoint((window->width() - kWidth) / 2, 48)));
    edit_->clear();
    show();
    edit_->setFocus();
    list_->setCurrentIndex(model_->index(0));
}

bool LocatePopup::eventFilter(QObject* watched, QEvent* event) {
    if (watched != edit_ || event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    const int row = list_->currentIndex().row();
    if (key == Qt::Key_Down || key == Qt::Key_Up) {
        const int next = std::clamp(row + (key == Qt::Key_Down ? 1 : -1), 0, std::max(model_->rowCount() - 1, 0));
        list_->setCurrentIndex(model_->index(next));
        return true;
    }
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        choose(list_->currentIndex());
        return true;
    }
    return QFrame::eventFilter(watched, event);
}

void LocatePopup::choose(const QModelIndex& index) {
    if (!index.isValid()) return;
    const QString id = index.data(LocateModel::kIdRole).toString();
    hide();
    emit chosen(id);
}

}  // namespace quantoscope
