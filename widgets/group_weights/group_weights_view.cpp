#include "widgets/group_weights/group_weights_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "widgets/text/number_text.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr double kLabelWidth = 58.0;
constexpr double kTextHeight = 16.0;
constexpr double kSmallestLevelGap = 4.0;  // pixels: closer lines would be a grey plane
constexpr double kSmallestLabelGap = 13.0;

}  // namespace

/// What is on view, and where.
struct GroupWeightsView::Scene {
    QRectF plot;
    qint64 first = 0;
    qint64 shown = 0;
    double low = 0.0;
    double high = 1.0;

    double x(qint64 index) const {
        return plot.left() + plot.width() * (static_cast<double>(index - first) + 0.5) / static_cast<double>(shown);
    }
    double y(float value) const {
        return plot.bottom() - plot.height() * (static_cast<double>(value) - low) / (high - low);
    }
};

GroupWeightsView::GroupWeightsView(QWidget* parent)
    : ViewWidget(QStringLiteral("group_weights"), {{420, 220}, {200, 140}}, parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    updateDescription();
}

void GroupWeightsView::setTitle(const QString& title) {
    title_ = title;
    updateDescription();
}

void GroupWeightsView::setWeights(std::shared_ptr<const GroupWeights> weights) {
    weights_ = weights && !weights->channels.empty() ? std::move(weights) : nullptr;
    updateDescription();
    update();
}

void GroupWeightsView::setColour(const QColor& colour) {
    colour_ = colour;
    update();
}

void GroupWeightsView::setEmptyText(const QString& text) {
    empty_text_ = text;
    update();
}

void GroupWeightsView::setChannel(std::optional<qint64> channel) {
    channel_ = channel;
    updateDescription();
    update();
}

std::optional<qint64> GroupWeightsView::chosenIndex() const {
    if (!weights_ || !channel_) return std::nullopt;
    const auto found = std::ranges::lower_bound(weights_->channels, *channel_);
    if (found == weights_->channels.end() || *found != *channel_) return std::nullopt;
    return found - weights_->channels.begin();
}

GroupWeightsView::Scene GroupWeightsView::scene(const QRectF& area) const {
    Scene scene;
    scene.plot = area.adjusted(kLabelWidth, kTextHeight + 4, -4, -kTextHeight - 4);
    const auto count = static_cast<qint64>(weights_->channels.size());
    scene.shown = std::min(count, kMostShown);
    scene.first = std::clamp(chosenIndex().value_or(0) - scene.shown / 2, qint64{0}, count - scene.shown);
    const auto [least, most] = std::ranges::minmax_element(weights_->levels);
    double low = static_cast<double>(*least);
    double high = static_cast<double>(*most);
    for (qint64 i = scene.first; i < scene.first + scene.shown; ++i) {
        const auto value = static_cast<double>(weights_->original[static_cast<std::size_t>(i)]);
        if (!std::isfinite(value)) continue;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    const double margin = high > low ? 0.05 * (high - low) : 1.0;
    scene.low = low - margin;
    scene.high = high + margin;
    return scene;
}

std::optional<QPointF> GroupWeightsView::dotOf(qint64 index) const {
    if (!weights_) return std::nullopt;
    const Scene view = scene(rect());
    if (index < view.first || index >= view.first + view.shown) return std::nullopt;
    return QPointF(view.x(index), view.y(weights_->original[static_cast<std::size_t>(index)]));
}

std::optional<qint64> GroupWeightsView::indexAt(QPointF position) const {
    if (!weights_) return std::nullopt;
    const Scene view = scene(rect());
    if (!view.plot.adjusted(-4, -kTextHeight, 4, kTextHeight).contains(position)) return std::nullopt;
    const double along = (position.x() - view.plot.left()) / view.plot.width() * static_cast<double>(view.shown);
    return view.first + std::clamp(static_cast<qint64>(std::floor(along)), qint64{0}, view.shown - 1);
}

QString GroupWeightsView::rangeText() const {
    if (!weights_) return {};
    const Scene view = scene(rect());
    const auto count = static_cast<qint64>(weights_->channels.size());
    QString text =
        view.shown < count
            ? tr("weights %1–%2 of the group's %3").arg(view.first + 1).arg(view.first + view.shown).arg(count)
            : tr("%1 weights").arg(count);
    text += tr(" of row %1 · %2 levels").arg(weights_->row).arg(weights_->levels.size());
    if (weights_->levels.size() > 1)
        text += tr(", %1 apart").arg(valueText(std::fabs(double(weights_->levels[1]) - double(weights_->levels[0]))));
    const auto clipped = std::ranges::count(weights_->clipped, true);
    if (clipped > 0) text += tr(" · %1 clipped").arg(clipped);
    if (weights_->folded) text += tr(" · as the method scales them");
    return text;
}

void GroupWeightsView::paintLevels(QPainter& painter, const Scene& scene) const {
    const Tokens& tokens = tokensOf(this);
    const auto& levels = weights_->levels;
    const auto [least, most] = std::ranges::minmax_element(levels);
    painter.fillRect(QRectF(QPointF(scene.plot.left(), scene.y(*most)), QPointF(scene.plot.right(), scene.y(*least))),
                     mixed(tokens.raised, tokens.panel, 0.5));
    const double gap = levels.size() > 1 ? std::fabs(scene.y(levels[1]) - scene.y(levels[0])) : scene.plot.height();
    // Levels too close to be told apart: every so many are drawn, and the text says how many there are.
    const auto step = static_cast<std::size_t>(std::max(1.0, std::ceil(kSmallestLevelGap / std::max(gap, 1e-3))));
    const auto label_step = static_cast<std::size_t>(std::max(1.0, std::ceil(kSmallestLabelGap / std::max(gap, 1e-3))));
    for (std::size_t code = 0; code < levels.size(); ++code) {
        const double y = scene.y(levels[code]);
        const bool outermost = code == 0 || code + 1 == levels.size();
        if (code % step == 0 || outermost) {
            painter.setPen(QPen(step == 1 || outermost ? mixed(tokens.muted, tokens.panel, 0.55) : tokens.line, 1.0));
            painter.drawLine(QPointF(scene.plot.left(), y), QPointF(scene.plot.right(), y));
        }
        if (code % label_step != 0) continue;
        painter.setPen(tokens.muted);
        painter.drawText(QRectF(scene.plot.left() - kLabelWidth, y - 8, kLabelWidth - 6, 16),
                         Qt::AlignRight | Qt::AlignVCenter, valueText(double(levels[code])));
    }
}

void GroupWeightsView::paintWeights(QPainter& painter, const Scene& scene) const {
    const Tokens& tokens = tokensOf(this);
    const QColor run = colour_.isValid() ? colour_ : tokens.accent;
    const double spacing = scene.plot.width() / static_cast<double>(scene.shown);
    const double radius = std::clamp(spacing * 0.35, 1.2, 3.5);
    const double half = std::clamp(spacing * 0.5, 1.0, 6.0);
    painter.setRenderHint(QPainter::Antialiasing, true);
    for (qint64 i = scene.first; i < scene.first + scene.shown; ++i) {
        const auto index = static_cast<std::size_t>(i);
        if (!std::isfinite(weights_->original[index])) continue;
        const QPointF dot(scene.x(i), scene.y(weights_->original[index]));
        const QPointF level(scene.x(i), scene.y(weights_->quantized[index]));
        const QColor colour = weights_->clipped[index] ? tokens.bad : tokens.text;
        painter.setPen(QPen(mixed(colour, tokens.panel, 0.6), 1.0));
        painter.drawLine(dot, level);
        painter.setPen(QPen(run, 2.0));
        painter.drawLine(level - QPointF(half, 0), level + QPointF(half, 0));
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawEllipse(dot, radius, radius);
    }
}

void GroupWeightsView::paintView(QPainter& painter, const QRectF& area) const {
    const Tokens& tokens = tokensOf(this);
    painter.setFont(smallFont());
    if (!weights_) {
        painter.setPen(tokens.muted);
        painter.drawText(area, Qt::AlignCenter | Qt::TextWordWrap, empty_text_);
        return;
    }
    const Scene view = scene(area);
    paintLevels(painter, view);
    if (const auto chosen = chosenIndex()) {
        const double width = std::max(6.0, view.plot.width() / static_cast<double>(view.shown));
        const QRectF band(view.x(*chosen) - width / 2, view.plot.top(), width, view.plot.height());
        painter.fillRect(band, tokens.accent_background);
        painter.setPen(QPen(tokens.accent, hasFocus() ? 1.5 : 1.0));
        painter.drawRect(band);
    }
    paintWeights(painter, view);
    painter.setPen(tokens.muted);
    const QFontMetricsF metrics(painter.font());
    painter.drawText(QRectF(area.left(), area.top(), area.width(), kTextHeight), Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(rangeText(), Qt::ElideRight, area.width()));
    const QRectF below(view.plot.left(), area.bottom() - kTextHeight, view.plot.width(), kTextHeight);
    const auto channel = [&](qint64 index) {
        return tr("channel %1").arg(weights_->channels[static_cast<std::size_t>(index)]);
    };
    painter.drawText(below, Qt::AlignLeft | Qt::AlignVCenter, channel(view.first));
    painter.drawText(below, Qt::AlignRight | Qt::AlignVCenter, channel(view.first + view.shown - 1));
    if (below.width() > 420)
        painter.drawText(below, Qt::AlignCenter, tr("dot: weight of the model · dash: what it became · red: clipped"));
}

QString GroupWeightsView::readOut(qint64 index) const {
    const auto i = static_cast<std::size_t>(index);
    const auto original = static_cast<double>(weights_->original[i]);
    const auto quantized = static_cast<double>(weights_->quantized[i]);
    QString text = tr("<b>row %1, channel %2</b><br>%3 became %4<br>error %5")
                       .arg(weights_->row)
                       .arg(weights_->channels[i])
                       .arg(valueText(original), valueText(quantized), deltaText(original - quantized));
    if (weights_->clipped[i]) text += tr("<br>outside the range of its group: clipped");
    if (weights_->folded) text += tr("<br>as the method scales them");
    return text;
}

ViewTable GroupWeightsView::viewTable() const {
    ViewTable table;
    table.header = {QStringLiteral("row"),       QStringLiteral("channel"), QStringLiteral("weight"),
                    QStringLiteral("quantized"), QStringLiteral("error"),   QStringLiteral("clipped")};
    if (!weights_) return table;
    const Scene view = scene(rect());
    for (qint64 i = view.first; i < view.first + view.shown; ++i) {
        const auto index = static_cast<std::size_t>(i);
        const auto original = static_cast<double>(weights_->original[index]);
        const auto quantized = static_cast<double>(weights_->quantized[index]);
        table.rows.push_back({QString::number(weights_->row), QString::number(weights_->channels[index]),
                              exactText(original), exactText(quantized), exactText(original - quantized),
                              weights_->clipped[index] ? QStringLiteral("yes") : QStringLiteral("no")});
    }
    return table;
}

void GroupWeightsView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return ViewWidget::mousePressEvent(event);
    if (const auto index = indexAt(event->position()))
        emit channelSelected(weights_->channels[static_cast<std::size_t>(*index)]);
}

void GroupWeightsView::mouseMoveEvent(QMouseEvent* event) {
    const auto index = indexAt(event->position());
    if (!index) return QToolTip::hideText();
    QToolTip::showText(event->globalPosition().toPoint(), readOut(*index), this);
}

void GroupWeightsView::keyPressEvent(QKeyEvent* event) {
    const auto step = arrowStep(*event);
    if (!step || !weights_) return ViewWidget::keyPressEvent(event);
    if (step->y() != 0) return emit rowStepped(step->y());
    const auto chosen = chosenIndex();
    const auto next = std::clamp(chosen ? *chosen + step->x() : qint64{0}, qint64{0},
                                 static_cast<qint64>(weights_->channels.size()) - 1);
    emit channelSelected(weights_->channels[static_cast<std::size_t>(next)]);
}

void GroupWeightsView::updateDescription() {
    setAccessibleName(title_.isEmpty() ? tr("Single weights over their grid") : title_);
    const auto chosen = chosenIndex();
    QString text = chosen ? readOut(*chosen) : rangeText();
    for (const auto* tag : {"<b>", "</b>"}) text.remove(QLatin1String(tag));
    setAccessibleDescription(text.replace(QStringLiteral("<br>"), QStringLiteral(", ")));
}

}  // namespace quantoscope
