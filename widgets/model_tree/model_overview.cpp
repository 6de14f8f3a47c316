#include "widgets/model_tree/model_overview.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "widgets/heatmap/heatmap_painter.h"
#include "widgets/range_control/range_control.h"
#include "widgets/text/number_text.h"
#include "widgets/theme/colour_map.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr double kLabelWidth = 40.0;
constexpr double kBottom = 38.0;  // block numbers and the legend
constexpr double kSmallestRow = 7.0;

QString dtypeText(DType type) {
    const auto name = dtypeName(type);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

// Wide types are bright, narrow ones dark: the picture of a mixed checkpoint reads as its cost.
QColor dtypeColour(DType type, const Tokens& tokens) {
    const double bits = static_cast<double>(traits(type).block_bits) / std::max(1U, traits(type).block_elements);
    return mapColour(ColourMap::viridis, 0.1 + 0.8 * std::clamp((std::log2(bits) - 1.0) / 4.5, 0.0, 1.0), tokens);
}

struct LinearSize {
    int tensor = -1;
    std::uint64_t bytes = 0;
};
using Sizes = std::map<std::pair<int, int>, LinearSize>;  // by block and row

Sizes linearSizes(const ModelFiles& files) {
    Sizes sizes;
    const auto& tensors = files.tensors();
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const TensorPlace place = tensorPlace(tensors[i].name);
        if (!place.role) continue;
        LinearSize& size = sizes[{place.block, static_cast<int>(*place.role)}];
        size.bytes += tensors[i].bytes;
        // A quantized linear is several tensors: the largest stands for it.
        if (size.tensor < 0 || tensors[i].bytes > tensors[static_cast<std::size_t>(size.tensor)].bytes)
            size.tensor = static_cast<int>(i);
    }
    return sizes;
}

double cellsBottom(const std::vector<OverviewCell>& cells) {
    return std::max_element(
               cells.begin(), cells.end(),
               [](const OverviewCell& a, const OverviewCell& b) { return a.area.bottom() < b.area.bottom(); })
        ->area.bottom();
}

std::array<double, 8> rowEdges(const Sizes& sizes, const QRectF& cells) {
    std::array<double, 7> largest{};
    for (const auto& [place, size] : sizes) {
        auto& row = largest[static_cast<std::size_t>(place.second)];
        row = std::max(row, static_cast<double>(size.bytes));
    }
    double total = 0.0;
    for (const double bytes : largest) total += bytes;
    const double room = std::max(cells.height() - 7 * kSmallestRow, 0.0);
    std::array<double, 8> edges{};
    edges[0] = cells.top();
    for (std::size_t row = 0; row < 7; ++row)
        edges[row + 1] = edges[row] + kSmallestRow + (total > 0.0 ? room * largest[row] / total : 0.0);
    for (double& edge : edges) edge = std::round(edge);
    return edges;
}

}  // namespace

std::vector<OverviewCell> overviewLayout(const ModelFiles& files, const QRectF& area) {
    const Sizes sizes = linearSizes(files);
    if (sizes.empty()) return {};
    const int blocks = std::prev(sizes.end())->first.first + 1;
    const QRectF cells = area.adjusted(kLabelWidth, 2, -4, -kBottom);
    const auto edges = rowEdges(sizes, cells);
    const double width = std::min(cells.width(), blocks * 60.0);
    const double gap = width / blocks >= 6.0 ? 2.0 : width / blocks >= 3.0 ? 1.0 : 0.0;
    std::vector<OverviewCell> result;
    for (const auto& [place, size] : sizes) {
        const auto row = static_cast<std::size_t>(place.second);
        const double left = std::floor(cells.left() + width * place.first / blocks);
        const double right = std::floor(cells.left() + width * (place.first + 1) / blocks);
        result.push_back(
            {place.first, kLinearRoles[row], size.tensor,
             QRectF(left, edges[row], std::max(right - left - gap, 1.0), edges[row + 1] - edges[row] - gap)});
    }
    return result;
}

OverviewMeasure shareOfBytes(const ModelFiles& files) {
    OverviewMeasure measure{QStringLiteral("share of bytes"), QStringLiteral("%"), ScaleKind::linear, {}};
    const Sizes sizes = linearSizes(files);
    double total = 0.0;
    for (const auto& [place, size] : sizes) total += static_cast<double>(size.bytes);
    for (const auto& [place, size] : sizes)
        if (total > 0.0) measure.values[size.tensor] = 100.0 * static_cast<double>(size.bytes) / total;
    return measure;
}

ModelOverview::ModelOverview(QWidget* parent)
    : ViewWidget(QStringLiteral("modelOverview"), {{700, 280}, {280, 160}}, parent) {
    setAccessibleName(QStringLiteral("Model overview"));
    setFocusPolicy(Qt::StrongFocus);
}

void ModelOverview::setModel(std::shared_ptr<const ModelFiles> model) {
    model_ = std::move(model);
    laid_out_for_ = {};
    cells_.clear();
    selected_block_ = -1;
    selected_role_.reset();
    measure_.reset();
    update();
}

void ModelOverview::setMeasure(std::optional<OverviewMeasure> measure) {
    measure_ = std::move(measure);
    update();
}

ValueRange ModelOverview::measureRange(const std::vector<OverviewCell>& cells) const {
    std::vector<double> values;
    for (const OverviewCell& cell : cells)
        if (const auto found = measure_->values.find(cell.tensor); found != measure_->values.end())
            values.push_back(found->second);
    return autoFitRange(std::move(values), 0.0, 1.0);
}

QColor ModelOverview::colourOf(const OverviewCell& cell, const ValueRange& range, const Tokens& tokens) const {
    if (!measure_) return dtypeColour(model_->tensors()[static_cast<std::size_t>(cell.tensor)].dtype, tokens);
    const auto found = measure_->values.find(cell.tensor);
    if (found == measure_->values.end() || !std::isfinite(found->second)) return tokens.line;
    return mapColour(ColourMap::viridis, scalePosition(found->second, range, measure_->scale), tokens);
}

void ModelOverview::setSelected(int block, std::optional<LinearRole> role) {
    selected_block_ = block;
    selected_role_ = role;
    update();
}

void ModelOverview::layOut() const {
    if (laid_out_for_ == QSizeF(size()) || !model_) return;
    cells_ = overviewLayout(*model_, rect());
    laid_out_for_ = size();
}

const OverviewCell* ModelOverview::cellAt(QPointF position) const {
    layOut();
    const auto hit = std::find_if(cells_.begin(), cells_.end(), [&](const OverviewCell& cell) {
        return cell.area.adjusted(0, 0, 2, 2).contains(position);
    });
    return hit == cells_.end() ? nullptr : &*hit;
}

void ModelOverview::paintView(QPainter& painter, const QRectF& area) const {
    const Tokens& tokens = tokensOf(this);
    painter.setFont(smallFont());
    painter.setRenderHint(QPainter::Antialiasing, true);
    const auto cells = model_ ? overviewLayout(*model_, area) : std::vector<OverviewCell>();
    if (cells.empty()) {
        painter.setPen(tokens.muted);
        painter.drawText(area, Qt::AlignCenter, QStringLiteral("No blocks with linears in this model"));
        return;
    }
    const ValueRange range = measure_ ? measureRange(cells) : ValueRange();
    for (const OverviewCell& cell : cells) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colourOf(cell, range, tokens));
        painter.drawRoundedRect(cell.area, 2, 2);
        if (cell.block != selected_block_ || (selected_role_ && cell.role != *selected_role_)) continue;
        painter.setPen(QPen(tokens.text, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(cell.area.adjusted(-1, -1, 1, 1), 3, 3);
    }
    paintLabels(painter, area, cells);
    paintLegend(painter, area, cells);
}

void ModelOverview::paintLabels(QPainter& painter, const QRectF& area, const std::vector<OverviewCell>& cells) const {
    painter.setPen(tokensOf(this).muted);
    double previous_label = -100.0;
    for (const OverviewCell& cell : cells) {
        // Thin rows share the room: a label that would touch the one above is left to the tooltip.
        const double middle = cell.area.center().y();
        if (cell.block != cells.front().block || middle - previous_label < 14.0) continue;
        const auto name = linearShortName(cell.role);
        painter.drawText(QRectF(area.left(), middle - 8, kLabelWidth, 16), Qt::AlignLeft | Qt::AlignVCenter,
                         QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())));
        previous_label = middle;
    }
    const int last = cells.back().block;
    const double pitch = last > 0 ? (cells.back().area.left() - cells.front().area.left()) / last : 0.0;
    for (const int block : indexTicks(last, 10)) {
        const double x = cells.front().area.left() + block * pitch + cells.front().area.width() / 2;
        painter.drawText(QRectF(x - 20, cellsBottom(cells) + 2, 40, 16), Qt::AlignCenter, QString::number(block));
    }
}

void ModelOverview::paintLegend(QPainter& painter, const QRectF& area, const std::vector<OverviewCell>& cells) const {
    const Tokens& tokens = tokensOf(this);
    const double top = cellsBottom(cells) + 18;
    if (measure_) {
        const QString unit =
            measure_->unit + (measure_->unit.isEmpty() ? QString() : QStringLiteral(" · ")) + measure_->label;
        const ValueRange range = measureRange(cells);
        if (measure_->values.empty()) return;
        paintColourBar(painter, QRectF(area.left(), top, area.width() - 4, 20), range, measure_->scale,
                       ColourMap::viridis, unit, tokens);
        return;
    }
    std::map<QString, QColor> legend;
    for (const OverviewCell& cell : cells) {
        const DType type = model_->tensors()[static_cast<std::size_t>(cell.tensor)].dtype;
        legend[dtypeText(type)] = dtypeColour(type, tokens);
    }
    double x = cells.front().area.left();
    for (const auto& [name, colour] : legend) {
        painter.setBrush(colour);
        painter.setPen(Qt::NoPen);
        painter.drawRoundedRect(QRectF(x, top + 5, 10, 10), 2, 2);
        painter.setPen(tokens.muted);
        const double width = QFontMetricsF(painter.font()).horizontalAdvance(name);
        painter.drawText(QRectF(x + 15, top, width + 4, 20), Qt::AlignVCenter, name);
        x += width + 32;
    }
}

ViewTable ModelOverview::viewTable() const {
    ViewTable table;
    table.header << QStringLiteral("block") << QStringLiteral("linear") << QStringLiteral("tensor")
                 << QStringLiteral("type") << QStringLiteral("shape") << QStringLiteral("bytes");
    if (measure_) table.header << measure_->label;
    if (!model_) return table;
    for (const OverviewCell& cell : overviewLayout(*model_, rect())) {
        const TensorInfo& tensor = model_->tensors()[static_cast<std::size_t>(cell.tensor)];
        const auto name = linearName(cell.role);
        table.rows.push_back({QString::number(cell.block),
                              QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())),
                              QString::fromStdString(tensor.name), dtypeText(tensor.dtype), shapeText(tensor.shape),
                              QString::number(tensor.bytes)});
        if (!measure_) continue;
        const auto found = measure_->values.find(cell.tensor);
        table.rows.back() << (found == measure_->values.end() ? QString() : exactText(found->second));
    }
    return table;
}

QString ModelOverview::viewTitle() const {
    return QStringLiteral("Model overview");
}
void ModelOverview::mousePressEvent(QMouseEvent* event) {
    const OverviewCell* cell = cellAt(event->position());
    if (cell == nullptr || event->button() != Qt::LeftButton) return ViewWidget::mousePressEvent(event);
    setSelected(cell->block, cell->role);
    emit tensorSelected(cell->tensor, cell->block, cell->role);
}

void ModelOverview::mouseDoubleClickEvent(QMouseEvent* event) {
    if (const OverviewCell* cell = cellAt(event->position())) emit tensorActivated(cell->tensor);
}

void ModelOverview::keyPressEvent(QKeyEvent* event) {
    layOut();
    if (cells_.empty()) return ViewWidget::keyPressEvent(event);
    int block = std::max(selected_block_, 0);
    int row = static_cast<int>(selected_role_.value_or(LinearRole::q_proj));
    const bool activated = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    const auto step = arrowStep(*event);
    if (!step && !activated) return ViewWidget::keyPressEvent(event);
    if (step) {
        block += step->x();
        row += step->y();
    }
    const auto cell = std::find_if(cells_.begin(), cells_.end(), [&](const OverviewCell& candidate) {
        return candidate.block == block && static_cast<int>(candidate.role) == row;
    });
    if (cell == cells_.end()) return;
    setSelected(cell->block, cell->role);
    if (activated)
        emit tensorActivated(cell->tensor);
    else
        emit tensorSelected(cell->tensor, cell->block, cell->role);
}

QString ModelOverview::toolTipAt(QPoint position) {
    const OverviewCell* cell = cellAt(position);
    if (cell == nullptr) return {};
    const TensorInfo& tensor = model_->tensors()[static_cast<std::size_t>(cell->tensor)];
    QString text = QStringLiteral("<b>%1</b><br>%2 · %3 · %4")
                       .arg(QString::fromStdString(tensor.name).toHtmlEscaped(), shapeText(tensor.shape),
                            dtypeText(tensor.dtype), bytesText(tensor.bytes));
    if (!measure_) return text;
    const auto found = measure_->values.find(cell->tensor);
    const QString value =
        found == measure_->values.end() ? QStringLiteral("not read yet") : valueText(found->second, measure_->unit);
    return text + QStringLiteral("<br>%1: %2").arg(measure_->label.toHtmlEscaped(), value);
}

}  // namespace quantoscope
