#include "app/workbench/model_page/tensor_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

#include "app/workbench/parts/export_button.h"
#include "core/analysis/analyse_linear.h"
#include "widgets/card/card.h"
#include "widgets/error_banner/error_banner.h"
#include "widgets/model_tree/model_node.h"
#include "widgets/plots/analysis_plots.h"
#include "widgets/plots/plot_canvas.h"
#include "widgets/text/number_text.h"
#include "widgets/tile_map/tile_map_view.h"

namespace quantoscope {

TensorView::TensorView(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildBar());
    banner_ = new ErrorBanner(this);
    layout->addWidget(banner_);
    buildCards();
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->addWidget(map_card_);
    splitter->addWidget(histogram_card_);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    layout->addWidget(padded(splitter), 1);
}

QWidget* TensorView::buildBar() {
    auto* bar = new QWidget(this);
    bar->setProperty("role", QStringLiteral("bar"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(kCardPadding, 6, kCardPadding, 6);
    auto* back = new QPushButton(tr("← All tensors"), bar);
    back->setObjectName(QStringLiteral("back_to_tensors"));
    back->setShortcut(Qt::Key_Backspace);
    title_ = new QLabel(bar);
    title_->setObjectName(QStringLiteral("tensor_title"));
    title_->setProperty("role", QStringLiteral("title"));
    state_ = new QLabel(bar);
    state_->setObjectName(QStringLiteral("tensor_state"));
    state_->setProperty("role", QStringLiteral("muted"));
    row->addWidget(back);
    row->addWidget(title_);
    row->addWidget(state_, 1);
    connect(back, &QPushButton::clicked, this, &TensorView::backWanted);
    return bar;
}

void TensorView::buildCards() {
    const auto caption = [this] { return ExportCaption{model_ ? model_->name : QString(), {}, {}}; };
    const auto fail = [this](const Error& error) { banner_->showError(error); };
    map_ = new TileMapView(this);
    map_->setObjectName(QStringLiteral("tensor_map"));
    map_card_ = new Card(tr("Weights"), this);
    map_card_->setBody(map_);
    addExportButton(*map_card_, QStringLiteral("export_tensor_map"), map_, caption, fail);
    histogram_ = new PlotCanvas(this);
    histogram_->setObjectName(QStringLiteral("tensor_histogram"));
    histogram_card_ = new Card(tr("Distribution"), this);
    histogram_card_->setBody(histogram_);
    addExportButton(*histogram_card_, QStringLiteral("export_tensor_histogram"), histogram_, caption, fail);
}

void TensorView::open(const std::shared_ptr<const OpenModel>& model, int tensor) {
    model_ = model;
    const auto& info = model->files->tensors()[static_cast<std::size_t>(tensor)];
    title_->setText(QString::fromStdString(info.name));
    state_->setText(tr("reading…"));
    banner_->dismiss();
    map_->setPyramid(nullptr, 0, 0);
    histogram_->setSpec({});
    task_.start([model, tensor](const std::stop_token& stop) { return readTensor(*model, tensor, stop); },
                [this](Result<TensorPicture> picture) {
                    if (picture)
                        show(*picture);
                    else {
                        state_->clear();
                        banner_->showError(picture.error());
                    }
                });
}

void TensorView::show(const TensorPicture& picture) {
    const auto& values = *picture.values;
    state_->setText(tr("%1 · mean |w| %2 · max |w| %3")
                        .arg(shapeText({values.rows, values.columns}), valueText(picture.mean_absolute),
                             valueText(picture.maximum_absolute)));
    map_->setTitle(QString::fromStdString(picture.name));
    map_->setCropSource(
        [held = picture.values](const CropRequest& request, const std::function<void(Matrix)>& deliver) {
            deliver(cropMatrix(*held, request.row, request.column, request.rows, request.columns));
        });
    map_->setPyramid(picture.tiles, values.rows, values.columns);
    histogram_->setSpec(
        weightHistogramSpec(picture.histogram, QString::fromStdString(picture.name), {}, HistogramContent::original));
}

}  // namespace quantoscope
