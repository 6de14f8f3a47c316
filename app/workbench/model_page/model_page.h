// The Model page: the model as a picture, its tensors as a table, one tensor's weights from close by.
#pragma once

#include "app/workbench/frame/page_widget.h"
#include "app/workbench/session/session.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QStackedWidget;
class QTableView;

namespace quantoscope {

class Card;
class FactList;
class ModelOverview;
class StartView;
class TensorFilter;
class TensorSurvey;
class TensorTableModel;
class TensorView;

class ModelPage : public PageWidget {
    Q_OBJECT

public:
    explicit ModelPage(Session& session, QWidget* parent = nullptr);
    QWidget* inspector() const override { return inspector_; }
    QWidget* firstView() const override;
    /// Shows the weights of a tensor (index in ModelFiles::tensors()).
    void openTensor(int tensor);
    /// What the page shows while no model is open.
    StartView& start() { return *empty_; }

signals:
    void pipelineWanted();

private:
    QWidget* buildBrowser();
    QWidget* buildTable();
    void buildInspector();
    void refresh();
    void refreshFacts();
    void buildColouring();
    void showColouring();
    void showSelection();
    void takeTensor(int row);
    int tensorOfRow(int row) const;

    Session& session_;
    std::shared_ptr<const OpenModel> model_;
    QStackedWidget* stack_ = nullptr;
    StartView* empty_ = nullptr;
    QWidget* browser_ = nullptr;
    TensorView* tensor_view_ = nullptr;
    Card* overview_card_ = nullptr;
    ModelOverview* overview_ = nullptr;
    QComboBox* colouring_ = nullptr;
    TensorSurvey* survey_ = nullptr;
    QLineEdit* filter_edit_ = nullptr;
    QTableView* table_ = nullptr;
    TensorTableModel* tensors_ = nullptr;
    TensorFilter* filter_ = nullptr;
    QLabel* count_ = nullptr;
    QWidget* inspector_ = nullptr;
    FactList* facts_ = nullptr;
    QLabel* lossy_ = nullptr;
    QWidget* pipeline_button_ = nullptr;
};

}  // namespace quantoscope
