#include "widgets/heatmap/heatmap_view.h"

#include <QAccessible>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "widgets/heatmap/heatmap_painter.h"
#include "widgets/range_control/range_control.h"
#include "widgets/text/number_text.h"

namespace quantoscope {

HeatmapView::HeatmapView(QWidget* parent) : ViewWidget(QStringLiteral("heatmap"), {{420, 190}, {200, 120}}, parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    updateDescription();
}

void HeatmapView::setTitle(const QString& title) {
    title_ = title;
    updateDescription();
}

void HeatmapView::setMetric(const MetricDescription& metric) {
    metric_ = metric;
    scale_ = metric.logarithmic ? ScaleKind::logarithmic : ScaleKind::linear;
    map_ = metric.is_signed ? ColourMap::diverging : ColourMap::viridis;
    updateDescription();
    update();
}

void HeatmapView::setData(const HeatmapData& data) {
    data_ = data;
    if (selected_ && !data_.contains(*selected_)) selected_.reset();
    hovered_.reset();
    updateDescription();
    update();
}

void HeatmapView::addBlock(const LayerRecord& record) {
    addRecord(data_, record, metric_.id);
    update();
}

void HeatmapView::setPinned(std::optional<HeatmapData> pinned) {
    pinned_ = std::move(pinned);
}

void HeatmapView::setRange(std::optional<ValueRange> range) {
    range_ = range;
    update();
}

void HeatmapView::setScale(ScaleKind scale) {
    scale_ = scale;
    update();
}

void HeatmapView::setColourMap(ColourMap map) {
    map_ = map;
    update();
}

void HeatmapView::setSelected(std::optional<HeatmapCell> cell) {
    selected_ = cell;
    updateDescription();
    update();
}

ValueRange HeatmapView::effectiveRange() const {
    std::vector<double> values = data_.present();
    if (scale_ == ScaleKind::logarithmic && map_ != ColourMap::diverging)
        std::erase_if(values, [](double value) { return value <= 0.0; });
    const ValueRange range = range_ ? *range_ : autoFitRange(std::move(values));
    return map_ == ColourMap::diverging ? symmetricRange(range) : range;
}

std::optional<HeatmapCell> HeatmapView::cellAt(QPointF position) const {
    return heatmapGeometry(rect(), data_.blocks).cellAt(position);
}

void HeatmapView::paintView(QPainter& painter, const QRectF& area) const {
    const ScaleKind scale = map_ == ColourMap::diverging ? ScaleKind::linear : scale_;
    const HeatmapPicture picture{data_,     effectiveRange(), scale,     map_, QString::fromStdString(metric_.unit),
                                 selected_, hovered_,         hasFocus()};
    paintHeatmap(painter, area, picture, tokensOf(this));
}

ViewTable HeatmapView::viewTable() const {
    const QString unit = QString::fromStdString(metric_.unit);
    ViewTable table;
    table.header << QStringLiteral("block");
    for (const LinearRole role : kLinearRoles) {
        const auto name = linearName(role);
        table.header << QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())) +
                            (unit.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(unit));
    }
    for (int block = 0; block < data_.blocks; ++block) {
        QStringList row{QString::number(block)};
        for (int linear = 0; linear < HeatmapData::kRows; ++linear) {
            const auto value = data_.at({block, linear});
            row << (value ? exactText(*value) : QString());
        }
        table.rows.push_back(row);
    }
    return table;
}

QString HeatmapView::viewTitle() const {
    const QString label = QString::fromStdString(metric_.label);
    return title_.isEmpty() ? label : label + QStringLiteral(", ") + title_;
}

void HeatmapView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return ViewWidget::mousePressEvent(event);
    if (const auto cell = cellAt(event->position())) select(*cell);
}

void HeatmapView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (const auto cell = cellAt(event->position())) emit cellActivated(*cell);
}

void HeatmapView::mouseMoveEvent(QMouseEvent* event) {
    const auto cell = cellAt(event->position());
    if (cell == hovered_) return;
    hovered_ = cell;
    update();
    if (!cell) {
        QToolTip::hideText();
        emit hoverLeft();
        return;
    }
    QToolTip::showText(event->globalPosition().toPoint(),
                       cellToolTip(data_, *cell, metric_, pinned_ ? &*pinned_ : nullptr), this);
    emit cellHovered(*cell);
}

void HeatmapView::leaveEvent(QEvent* event) {
    hovered_.reset();
    update();
    emit hoverLeft();
    ViewWidget::leaveEvent(event);
}

void HeatmapView::keyPressEvent(QKeyEvent* event) {
    if (data_.blocks == 0) return ViewWidget::keyPressEvent(event);
    HeatmapCell cell = selected_.value_or(HeatmapCell{0, 0});
    if (const auto step = arrowStep(*event); step && selected_) {
        cell.block += step->x();
        cell.row += step->y();
    }
    switch (event->key()) {
        case Qt::Key_Left:
        case Qt::Key_Right:
        case Qt::Key_Up:
        case Qt::Key_Down:
            break;
        case Qt::Key_Home:
            cell.block = 0;
            break;
        case Qt::Key_End:
            cell.block = data_.blocks - 1;
            break;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (selected_) emit cellActivated(*selected_);
            return;
        case Qt::Key_Escape:
            setSelected(std::nullopt);
            emit selectionCleared();
            return;
        default:
            return ViewWidget::keyPressEvent(event);
    }
    cell.block = std::clamp(cell.block, 0, data_.blocks - 1);
    cell.row = std::clamp(cell.row, 0, HeatmapData::kRows - 1);
    select(cell);
}

void HeatmapView::select(HeatmapCell cell) {
    setSelected(cell);
    emit cellSelected(cell);
}

void HeatmapView::updateDescription() {
    setAccessibleName(viewTitle().isEmpty() ? QStringLiteral("Block and linear map") : viewTitle());
    QString text = QStringLiteral("%1 blocks, 7 linears").arg(data_.blocks);
    if (selected_) {
        const auto value = data_.at(*selected_);
        const QString unit = QString::fromStdString(metric_.unit);
        text = cellName(*selected_) + QStringLiteral(": ") +
               (value ? valueText(*value, unit) : QStringLiteral("not measured yet"));
    }
    setAccessibleDescription(text);
}

}  // namespace quantoscope
