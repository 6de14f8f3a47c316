#include "app/workbench/analyse_page/linear_detail.h"

#include <QComboBox>
#include <QGridLayout>

#include "app/workbench/analyse_page/analysis_data.h"
#include "app/workbench/analyse_page/anatomy_card.h"
#include "app/workbench/analyse_page/error_matrix.h"
#include "app/workbench/analyse_page/linear_strips.h"
#include "app/workbench/parts/export_button.h"
#include "widgets/card/card.h"
#include "widgets/plots/analysis_plots.h"
#include "widgets/plots/plot_canvas.h"
#include "widgets/text/number_text.h"
#include "widgets/theme/tokens.h"
#include "widgets/tile_map/tile_map_view.h"

namespace quantoscope {
namespace {

constexpr int kCardHeight = 300;
constexpr double kTopShare = 0.01;

QComboBox* headerChoice(Card& card, const QString& name, const QString& accessible, const QStringList& texts) {
    auto* box = new QComboBox(&card);
    box->setObjectName(name);
    box->setAccessibleName(accessible);
    box->addItems(texts);
    card.addHeaderWidget(box);
    return box;
}

}  // namespace

LinearDetail::LinearDetail(Session& session, QWidget* parent) : QWidget(parent), session_(session) {
    errors_ = new ErrorMatrix(this);
    anatomy_ = new AnatomyCard(session_, this);
    strips_ = new LinearStrips(session_, *errors_, this);
    buildMap();
    buildCharts();
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(kCardPadding);
    grid->addWidget(anatomy_, 0, 0, 1, 2);
    grid->addWidget(map_card_, 1, 0);
    grid->addWidget(histogram_card_, 1, 1);
    grid->addWidget(strips_, 2, 0, 1, 2);
    grid->addWidget(salience_card_, 3, 0);
    grid->addWidget(share_card_, 3, 1);
    for (const int column : {0, 1}) grid->setColumnStretch(column, 1);
    for (const int row : {1, 3}) grid->setRowMinimumHeight(row, kCardHeight);
    connect(errors_, &ErrorMatrix::failed, &session_, &Session::failed);
    connect(map_, &TileMapView::positionClicked, this, &LinearDetail::takePosition);
    connect(strips_, &LinearStrips::channelsActivated, this, [this](qint64 first, qint64 last) {
        const auto wide = static_cast<double>(last - first + 1);
        // Single weights are drawn as squares: as many rows as the map is high for that many columns.
        const double high = wide * map_->height() / std::max(1, map_->width());
        const auto& row = session_.selection().current().row;
        const double top = row ? static_cast<double>(*row) - high / 2.0 : map_->viewport().top();
        map_->setViewport({static_cast<double>(first), top, wide, high});
    });
    refresh();
}

void LinearDetail::buildMap() {
    map_ = new TileMapView(this);
    map_->setObjectName(QStringLiteral("error_map"));
    map_card_ = new Card(QStringLiteral("|W − Ŵ|"), this);
    map_card_->setBody(map_);
    content_ =
        headerChoice(*map_card_, QStringLiteral("map_content"), tr("What the map shows"), {tr("Error"), tr("Weights")});
    statistic_ = headerChoice(*map_card_, QStringLiteral("map_statistic"), tr("How tiles are summed up"),
                              {tr("mean"), tr("largest"), tr("signed mean")});
    addExportButton(
        *map_card_, QStringLiteral("export_error_map"), map_, [this] { return runCaption(session_, run_); },
        [this](const Error& error) { emit session_.failed(error); });
    map_->setCropSource([this](const CropRequest& request, std::function<void(Matrix)> deliver) {
        errors_->crop(content_->currentIndex() == 0 ? ErrorMatrix::Content::errors : ErrorMatrix::Content::weights,
                      request, std::move(deliver));
    });
    connect(statistic_, &QComboBox::currentIndexChanged, this,
            [this](int index) { map_->setStatistic(static_cast<TileStatistic>(index)); });
    connect(content_, &QComboBox::currentIndexChanged, this, [this] {
        if (const auto* shown = linear())
            showMap(*shown, cellName({session_.selection().current().block, static_cast<int>(role_)}));
    });
}

Card* LinearDetail::chartCard(const QString& title, const QString& name, PlotCanvas*& plot) {
    plot = new PlotCanvas(this);
    plot->setObjectName(name);
    auto* card = new Card(title, this);
    card->setBody(plot);
    return card;
}

void LinearDetail::buildCharts() {
    histogram_card_ = chartCard(tr("Weights over their grid"), QStringLiteral("weight_histogram"), histogram_);
    salience_card_ = chartCard(tr("Salience"), QStringLiteral("salience_chart"), salience_);
    share_card_ = chartCard(tr("Salient channels"), QStringLiteral("channel_share"), share_);
    QStringList labels;
    for (const auto& definition : salienceDefinitions()) labels.append(QString::fromStdString(definition.label));
    definition_ =
        headerChoice(*salience_card_, QStringLiteral("salience_definition"), tr("Definition of salience"), labels);
    connect(definition_, &QComboBox::currentIndexChanged, this, &LinearDetail::showSalience);
    const std::array<std::tuple<Card*, PlotCanvas*, QString>, 3> charts{
        {{histogram_card_, histogram_, QStringLiteral("export_histogram")},
         {salience_card_, salience_, QStringLiteral("export_salience")},
         {share_card_, share_, QStringLiteral("export_share")}}};
    for (const auto& [card, plot, name] : charts)
        addExportButton(
            *card, name, plot, [this] { return runCaption(session_, run_); },
            [this](const Error& error) { emit session_.failed(error); });
}

const LinearRecord* LinearDetail::linear() const {
    return record_ ? linearOf(*record_, role_) : nullptr;
}

void LinearDetail::refresh() {
    anatomy_->refresh();
    const auto& selection = session_.selection().current();
    const auto* run = selection.runs.isEmpty() ? nullptr : session_.runs().find(selection.runs.first());
    if (run == nullptr || !selection.hasLinear()) return clear(tr("Click a cell of a map to look into its linear"));
    auto record = session_.layers().record(run->key, selection.block);
    if (record == nullptr && run->info.finished_blocks < run->info.block_count)
        return clear(tr("This block is not finished yet"));
    // Until the record is read, a moment later, the linear before stays on view under its own name: no flicker.
    if (record == nullptr && record_ == nullptr) return clear(tr("Reading…"));
    if (record == nullptr) return map_card_->setNote(tr("Reading…"));
    run_ = run->key;
    role_ = *selection.linear;
    record_ = std::move(record);
    const auto* shown = linear();
    if (shown == nullptr) return clear(tr("This linear was not quantized"));
    showLinear(*shown, *run, selection.block);
}

void LinearDetail::clear(const QString& why) {
    record_.reset();
    errors_->clear();
    strips_->clear(why);
    map_->setMark(std::nullopt);
    map_->setPyramid(nullptr, 0, 0);
    map_card_->setNote(why);
    PlotSpec empty;
    empty.empty_text = why;
    for (auto* plot : {histogram_, salience_, share_}) plot->setSpec(empty);
    for (auto* card : {map_card_, histogram_card_, salience_card_, share_card_}) card->setDetail(QString());
    for (auto* card : {histogram_card_, salience_card_, share_card_}) card->setNote(QString());
}

void LinearDetail::showLinear(const LinearRecord& linear, const RunEntry& run, int block) {
    const QString name = cellName({block, static_cast<int>(linear.role)});
    const QColor colour = runColour(run.info, tokensOf(this));
    errors_->setLinear(run.key, block, linear.role);
    showMap(linear, name);
    histogram_->setSpec(weightHistogramSpec(linear.histogram, name, colour, HistogramContent::original_and_quantized));
    histogram_card_->setDetail(name);
    histogram_card_->setNote(tr("row %1, group %2").arg(linear.histogram.grid_row).arg(linear.histogram.grid_group));
    showSalience();
    const auto& pin = session_.baseline();
    const auto pinned_metrics = session_.layers().metrics(pin);
    const bool compared = pin != run.key && pinned_metrics && pinned_metrics->blocks.contains(block);
    const auto pinned = compared ? session_.layers().record(pin, block) : nullptr;
    if (compared && pinned == nullptr) session_.layers().requireRecord(pin, block);
    strips_->setLinear(run.key, linear, pinned ? linearOf(*pinned, linear.role) : nullptr, name, colour);
    showPlace();
}

/// The map marks what the selection names of the linear: columns, a row, or where they cross.
void LinearDetail::showPlace() {
    strips_->showPlace();
    const auto* shown = linear();
    const auto& selection = session_.selection().current();
    if (shown == nullptr || (!selection.channels && !selection.row)) return map_->setMark(std::nullopt);
    QRectF mark(0, 0, static_cast<double>(shown->columns), static_cast<double>(shown->rows));
    if (const auto& channels = selection.channels) {
        mark.setLeft(static_cast<double>(channels->first));
        mark.setRight(static_cast<double>(channels->last + 1));
    }
    if (selection.row) {
        mark.setTop(static_cast<double>(*selection.row));
        mark.setHeight(1.0);
    }
    map_->setMark(mark);
}

void LinearDetail::takePosition(qint64 row, qint64 column) {
    const auto* shown = linear();
    if (shown == nullptr) return;
    const bool grouped = shown->groups.group_size > 0;
    session_.selection().selectInside(ChannelRange{column, column},
                                      grouped ? std::optional<qint64>(shown->groups.groupOf(column)) : std::nullopt,
                                      row);
}

void LinearDetail::showMap(const LinearRecord& linear, const QString& name) {
    const bool errors = content_->currentIndex() == 0;
    const auto& pyramid = errors ? linear.error_tiles : linear.weight_tiles;
    map_card_->setTitle(errors ? QStringLiteral("|W − Ŵ|") : QStringLiteral("|W|"));
    map_card_->setDetail(name);
    map_->setTitle(name);
    // The record owns the pyramid: the pointer shares its life.
    map_->setPyramid(std::shared_ptr<const TilePyramid>(record_, &pyramid), linear.rows, linear.columns);
    map_->setStatistic(static_cast<TileStatistic>(statistic_->currentIndex()));
    if (!linear.channel_error.empty())
        map_->setChannelStrip(ChannelStrip{tr("mean squared error per channel"), linear.channel_error});
    else
        map_->setChannelStrip({});
    map_card_->setNote(QString());
}

void LinearDetail::showSalience() {
    const auto* shown = linear();
    const auto index = static_cast<std::size_t>(std::max(0, definition_->currentIndex()));
    if (shown == nullptr || index >= salienceDefinitions().size()) return;
    const auto& definition = salienceDefinitions()[index];
    definition_->setToolTip(QString::fromStdString(definition.definition));
    std::vector<ChannelShareCurve> curves;
    for (const auto& each : salienceDefinitions())
        if (const auto found = shown->salience.find(each.id); found != shown->salience.end())
            curves.push_back(
                {QString::fromStdString(each.id), QString::fromStdString(each.label), {}, found->second.channel_share});
    const Tokens& tokens = tokensOf(this);
    const std::array<QColor, 3> colours{tokens.accent, tokens.warning, tokens.good};
    for (std::size_t i = 0; i < curves.size(); ++i) curves[i].colour = colours[i % colours.size()];
    share_->setSpec(channelShareSpec(curves));
    const auto found = shown->salience.find(definition.id);
    PlotSpec none;
    none.empty_text = tr("Not measured: this needs calibration data");
    salience_->setSpec(found != shown->salience.end() ? salienceSpec(found->second, definition, tokens.accent) : none);
    share_card_->setNote(found == shown->salience.end()
                             ? QString()
                             : tr("top 1 % of channels hold %1 %")
                                   .arg(valueText(100.0 * topChannelShare(found->second.channel_share, kTopShare))));
}

}  // namespace quantoscope
