// A panel with rounded corners: title and muted detail at the left, a note at the right, a body, a run's colour as top
// edge.
#pragma once

#include <QColor>
#include <QFrame>
#include <QList>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace quantoscope {

class Card : public QFrame {
    Q_OBJECT
public:
    explicit Card(const QString& title, QWidget* parent = nullptr);
    void setTitle(const QString& title);
    void setDetail(const QString& text);    ///< behind the title, muted
    void setNote(const QString& text);      ///< at the right end of the title row, muted
    void setTopEdge(const QColor& colour);  ///< invalid: none
    void addHeaderWidget(QWidget* widget);  ///< at the right end of the title row
    void setBody(QWidget* body);            ///< takes it over

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    /// What does not fit beside the title goes on a line of its own: the note first, then the detail too.
    void placeTexts();
    int headerWidth(bool with_detail, bool with_note) const;

    QLabel* title_ = nullptr;
    QLabel* detail_ = nullptr;
    QLabel* note_ = nullptr;
    QHBoxLayout* header_ = nullptr;
    QHBoxLayout* below_ = nullptr;  // the line under the title
    QList<QWidget*> header_widgets_;
    int texts_below_ = 0;
    QVBoxLayout* layout_ = nullptr;
    QWidget* body_ = nullptr;
    QColor top_edge_;
};

/// `content`, a card's distance from the edges. A splitter's own margins are gone when the theme changes.
QWidget* padded(QWidget* content);

}  // namespace quantoscope
