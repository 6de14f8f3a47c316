// Where the output error of a linear comes from: one stacked bar per run. Definitions: docs/error-anatomy.md.
#pragma once

#include <QColor>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/layer_record.h"
#include "widgets/view/view_widget.h"

namespace quantoscope {

struct AnatomyRow {
    QString name;                           ///< the run's
    QColor colour;                          ///< the run's
    std::map<std::string, double> metrics;  ///< by MetricDescription::id, as measured; absent: not measured
};
/// shares: every bar as long as the view; absolute: all bars to one scale.
enum class AnatomyScale { shares, absolute };

/// The parts in the order they are stacked. Interaction between channels lies over the own parts where it is negative:
/// what it covers is made up for.
enum class AnatomyPart { clipping, outlier_channels, rounding, interaction, inherited };
inline constexpr std::array<AnatomyPart, 5> kAnatomyParts{AnatomyPart::clipping, AnatomyPart::outlier_channels,
                                                          AnatomyPart::rounding, AnatomyPart::interaction,
                                                          AnatomyPart::inherited};
const MetricDescription& anatomyMetric(AnatomyPart part);

/// From `begin` to `end` on the row's own scale of relative squared output error.
struct AnatomySegment {
    AnatomyPart part = AnatomyPart::clipping;
    double value = 0.0;
    double begin = 0.0;
    double end = 0.0;
};
/// Parts that are there and not zero. Empty when nothing was measured.
std::vector<AnatomySegment> anatomySegments(const AnatomyRow& row);

/// Mouse: hover reads out. Keyboard: arrows go from part to part and run to run.
class AnatomyView : public ViewWidget {
    Q_OBJECT
public:
    explicit AnatomyView(QWidget* parent = nullptr);

    void setTitle(const QString& title);
    /// The place of the keyboard stays while the runs are the same and have its part.
    void setRows(std::vector<AnatomyRow> rows);
    void setScale(AnatomyScale scale);
    void setEmptyText(const QString& text);
    const std::vector<AnatomyRow>& rows() const { return rows_; }
    /// Where a part of a run is drawn; empty when it is not there.
    QRectF segmentRect(int row, AnatomyPart part) const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    void paintView(QPainter& painter, const QRectF& area) const override;
    ViewTable viewTable() const override;
    QString viewTitle() const override { return title_; }

protected:
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Place {
        int row = 0;
        int segment = 0;
    };
    std::optional<AnatomyPart> chosenPart() const;
    bool choose(int row, AnatomyPart part);
    QRectF barRect(const QRectF& area, int row) const;
    QRectF rectOf(const QRectF& bar, int row, const AnatomySegment& segment) const;
    double spanOf(int row) const;
    QColor colourOf(AnatomyPart part) const;
    void paintRow(QPainter& painter, const QRectF& area, int row) const;
    /// Its name is written where it fits before `text_end`.
    void paintSegment(QPainter& painter, const QRectF& box, const AnatomySegment& segment, double text_end) const;
    void paintLegend(QPainter& painter, const QRectF& area) const;
    QString readOut(int row, const AnatomySegment& segment) const;
    void updateDescription();

    QString title_;
    QString empty_text_;
    std::vector<AnatomyRow> rows_;
    AnatomyScale scale_ = AnatomyScale::shares;
    std::optional<Place> chosen_;
};

}  // namespace quantoscope
