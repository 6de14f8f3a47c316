// One linear of one run from close by: error map, histogram over the grid, salience.
#pragma once

#include <QWidget>

#include "app/workbench/session/session.h"
#include "widgets/export_view/export_view.h"

class QComboBox;

namespace quantoscope {

class Card;
class ErrorMatrix;
class PlotCanvas;
class TileMapView;

class LinearDetail : public QWidget {
    Q_OBJECT

public:
    explicit LinearDetail(Session& session, QWidget* parent = nullptr);
    void refresh();

private:
    void buildMap();
    void buildCharts();
    void showLinear(const LinearRecord& linear, const RunEntry& run, int block);
    void showMap(const LinearRecord& linear, const QString& name);
    void showSalience();
    void clear(const QString& why);
    Card* chartCard(const QString& title, const QString& name, PlotCanvas*& plot);
    const LinearRecord* linear() const;

    Session& session_;
    std::shared_ptr<const LayerRecord> record_;
    LinearRole role_ = LinearRole::q_proj;
    RunKey run_;
    ErrorMatrix* errors_ = nullptr;
    Card* map_card_ = nullptr;
    TileMapView* map_ = nullptr;
    QComboBox* content_ = nullptr;
    QComboBox* statistic_ = nullptr;
    Card* histogram_card_ = nullptr;
    PlotCanvas* histogram_ = nullptr;
    Card* salience_card_ = nullptr;
    PlotCanvas* salience_ = nullptr;
    QComboBox* definition_ = nullptr;
    Card* share_card_ = nullptr;
    PlotCanvas* share_ = nullptr;
};

}  // namespace quantoscope
