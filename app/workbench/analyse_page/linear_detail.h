// One linear from close by: where its error comes from in every run; of the first run error map, histogram over the
// grid, strips down to single weights, salience.
#pragma once

#include <QWidget>

#include "app/workbench/session/session.h"
#include "widgets/export_view/export_view.h"

class QComboBox;

namespace quantoscope {

class AnatomyCard;
class Card;
class ErrorMatrix;
class LinearStrips;
class PlotCanvas;
class TileMapView;

class LinearDetail : public QWidget {
    Q_OBJECT

public:
    explicit LinearDetail(Session& session, QWidget* parent = nullptr);
    void refresh();
    /// Another place inside the linear on view: nothing else is read or drawn anew.
    void showPlace();

private:
    void buildMap();
    void buildCharts();
    void showLinear(const LinearRecord& linear, const RunEntry& run, int block);
    void showMap(const LinearRecord& linear, const QString& name);
    void showSalience();
    void takePosition(qint64 row, qint64 column);
    void clear(const QString& why);
    Card* chartCard(const QString& title, const QString& name, PlotCanvas*& plot);
    const LinearRecord* linear() const;

    Session& session_;
    std::shared_ptr<const LayerRecord> record_;
    LinearRole role_ = LinearRole::q_proj;
    RunKey run_;
    ErrorMatrix* errors_ = nullptr;
    AnatomyCard* anatomy_ = nullptr;
    LinearStrips* strips_ = nullptr;
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
