// Single weights of one row and group over the grid they were rounded to: a dot where a weight was, a line per level,
// and how far it was moved.
#pragma once

#include <QColor>
#include <memory>
#include <optional>

#include "core/analysis/group_weights.h"
#include "widgets/view/view_widget.h"

namespace quantoscope {

/// Mouse: hover reads out, click chooses the weight's channel. Keyboard: left and right choose the next channel of the
/// group, up and down another row.
class GroupWeightsView : public ViewWidget {
    Q_OBJECT
public:
    /// Of a larger group as many as this are on view, around the channel chosen.
    static constexpr qint64 kMostShown = 256;

    explicit GroupWeightsView(QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setWeights(std::shared_ptr<const GroupWeights> weights);  ///< null: the empty text
    void setColour(const QColor& colour);                          ///< of what the weights became: the run's
    void setEmptyText(const QString& text);
    /// From outside (the shared selection): an input channel; emits nothing.
    void setChannel(std::optional<qint64> channel);

    const GroupWeights* weights() const { return weights_.get(); }
    /// Where the dot of the group's n-th channel is; nothing when it is not on view.
    std::optional<QPointF> dotOf(qint64 index) const;
    /// "channels 512–767 of 4096 · row 3 · 16 levels, 0.0125 apart"
    QString rangeText() const;

    void paintView(QPainter& painter, const QRectF& area) const override;
    ViewTable viewTable() const override;  ///< of the channels on view
    QString viewTitle() const override { return title_; }

signals:
    void channelSelected(qint64 channel);  ///< by the user
    void rowStepped(int step);             ///< another row of the same group is wanted: -1 or 1

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Scene;
    Scene scene(const QRectF& area) const;
    std::optional<qint64> indexAt(QPointF position) const;
    std::optional<qint64> chosenIndex() const;
    void paintLevels(QPainter& painter, const Scene& scene) const;
    void paintWeights(QPainter& painter, const Scene& scene) const;
    QString readOut(qint64 index) const;
    void updateDescription();

    QString title_;
    QString empty_text_;
    QColor colour_;
    std::shared_ptr<const GroupWeights> weights_;
    std::optional<qint64> channel_;
};

}  // namespace quantoscope
