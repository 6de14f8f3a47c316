// One value per input channel or group of a linear as a strip of bars, on which a place is chosen.
#pragma once

#include <optional>
#include <vector>

#include "widgets/view/view_widget.h"

namespace quantoscope {

/// First and last item, both included.
struct StripRange {
    qint64 first = 0;
    qint64 last = 0;
    friend bool operator==(const StripRange&, const StripRange&) = default;
};

struct StripData {
    QString label;              ///< what a bar says: "mean squared error"
    QString item;               ///< what a bar is of: "channel"
    std::vector<float> values;  ///< larger is worse; not a number: no bar
    std::vector<float> pinned;  ///< the pinned run's, as many; empty: nothing to compare with
    friend bool operator==(const StripData&, const StripData&) = default;
};

/// By item: 1 for the largest value. Equal values have equal ranks; not a number has rank 0.
std::vector<int> ranksFromLargest(const std::vector<float>& values);
/// "channel 17, mean squared error 3.1e-6, rank 2 of 576 (1 is largest), +1e-7 against the pinned run", as rich text.
QString stripToolTip(const StripData& data, const std::vector<int>& ranks, qint64 item);

enum class StripChoice { range, single };

/// Mouse: hover reads out, click chooses the largest item under the pointer, drag a range (where ranges can be chosen),
/// double click activates the item or the chosen range around it. Keyboard: left and right move, with Shift the range
/// grows or shrinks at its end, up and down go to the next larger and smaller value, Home and End to the ends, Enter
/// activates, Esc clears.
class StripView : public ViewWidget {
    Q_OBJECT
public:
    explicit StripView(StripChoice choice, QWidget* parent = nullptr);

    void setTitle(const QString& title);  ///< for export and accessibility
    void setData(const StripData& data);
    void setColour(const QColor& colour);    ///< of the bars: the run's; invalid: accent
    void setEmptyText(const QString& text);  ///< instead of a strip without values
    /// From outside (the shared selection); emits nothing.
    void setSelected(std::optional<StripRange> range);

    const StripData& data() const { return data_; }
    std::optional<StripRange> selected() const { return selected_; }
    /// Where an item's bar is, down to the axis.
    QRectF itemRect(qint64 item) const;

    void paintView(QPainter& painter, const QRectF& area) const override;
    ViewTable viewTable() const override;
    QString viewTitle() const override { return title_; }

signals:
    void rangeSelected(qint64 first, qint64 last);  ///< by the user
    void rangeActivated(qint64 first, qint64 last);
    void selectionCleared();

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    qint64 count() const { return static_cast<qint64>(data_.values.size()); }
    std::optional<qint64> itemAt(QPointF position) const;
    std::optional<qint64> nextByRank(qint64 item, bool larger) const;
    void select(StripRange range);
    void paintBars(QPainter& painter, const QRectF& bars) const;
    void updateDescription();

    StripChoice choice_;
    QString title_;
    QString empty_text_;
    QColor colour_;
    StripData data_;
    std::vector<int> ranks_;
    float largest_ = 0.0F;
    std::optional<StripRange> selected_;
    std::optional<qint64> hovered_;
    std::optional<qint64> drag_start_;
    std::optional<StripRange> dragged_;
    std::optional<StripRange> before_click_;
};

}  // namespace quantoscope
