// One tensor from close by: tile map that zooms to single weights, histogram.
#pragma once

#include <QWidget>

#include "app/workbench/model_page/tensor_reader.h"
#include "app/workbench/session/background.h"

class QLabel;

namespace quantoscope {

class Card;
class ErrorBanner;
class PlotCanvas;
class TileMapView;

class TensorView : public QWidget {
    Q_OBJECT

public:
    explicit TensorView(QWidget* parent = nullptr);
    /// Reads in the background; a newer request replaces it.
    void open(const std::shared_ptr<const OpenModel>& model, int tensor);

signals:
    void backWanted();
    void failed(const quantoscope::Error& error);

private:
    QWidget* buildBar();
    void buildCards();
    void show(const TensorPicture& picture);

    std::shared_ptr<const OpenModel> model_;
    QLabel* title_ = nullptr;
    QLabel* state_ = nullptr;
    ErrorBanner* banner_ = nullptr;
    Card* map_card_ = nullptr;
    TileMapView* map_ = nullptr;
    Card* histogram_card_ = nullptr;
    PlotCanvas* histogram_ = nullptr;
    LatestTask task_{this};
};

}  // namespace quantoscope
