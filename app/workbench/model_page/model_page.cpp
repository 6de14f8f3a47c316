#include "app/workbench/model_page/model_page.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

#include "app/workbench/model_page/model_facts.h"
#include "app/workbench/model_page/start_view.h"
#include "app/workbench/model_page/tensor_survey.h"
#include "app/workbench/model_page/tensor_view.h"
#include "app/workbench/parts/export_button.h"
#include "app/workbench/parts/fact_list.h"
#include "core/analysis/layer_record.h"
#include "widgets/card/card.h"
#include "widgets/model_tree/model_overview.h"
#include "widgets/model_tree/model_tree_model.h"
#include "widgets/theme/tokens.h"
#include "widgets/view/row_table.h"

namespace quantoscope {

ModelPage::ModelPage(Session& session, QWidget* parent) : PageWidget(parent), session_(session) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    setFocusPolicy(Qt::ClickFocus);
    stack_ = new QStackedWidget(this);
    layout->addWidget(stack_);
    empty_ = new StartView(session_, this);
    empty_->setObjectName(QStringLiteral("model_empty"));
    browser_ = buildBrowser();
    tensor_view_ = new TensorView(this);
    for (QWidget* part : {static_cast<QWidget*>(empty_), browser_, static_cast<QWidget*>(tensor_view_)})
        stack_->addWidget(part);
    buildInspector();
    connect(tensor_view_, &TensorView::backWanted, this, [this] { stack_->setCurrentWidget(browser_); });
    connect(&session_.models(), &ModelList::changed, this, &ModelPage::refresh);
    connect(&session_.selection(), &SelectionModel::changed, this, &ModelPage::showSelection);
    refresh();
}

QWidget* ModelPage::firstView() const {
    if (stack_->currentWidget() == empty_) return empty_->button();
    return stack_->currentWidget() == browser_ ? static_cast<QWidget*>(table_) : tensor_view_;
}

QWidget* ModelPage::buildBrowser() {
    auto* browser = new QSplitter(Qt::Vertical, this);
    browser->setChildrenCollapsible(false);
    overview_ = new ModelOverview(browser);
    overview_->setObjectName(QStringLiteral("model_overview"));
    overview_card_ = new Card(QString(), browser);
    overview_card_->setBody(overview_);
    lossy_ = new QLabel(tr("lossy source"), overview_card_);
    lossy_->setObjectName(QStringLiteral("lossy_source"));
    lossy_->setProperty("role", QStringLiteral("badge"));
    lossy_->setToolTip(
        tr("These weights were rounded before: results are measured against them, not the original ones"));
    lossy_->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    overview_card_->addHeaderWidget(lossy_);
    buildColouring();
    addExportButton(
        *overview_card_, QStringLiteral("export_overview"), overview_,
        [this] { return ExportCaption{model_ ? model_->name : QString(), {}, {}}; },
        [this](const Error& error) { emit session_.failed(error); });
    browser->addWidget(overview_card_);
    browser->addWidget(buildTable());
    browser->setStretchFactor(0, 1);
    browser->setStretchFactor(1, 1);
    connect(overview_, &ModelOverview::tensorSelected, this,
            [this](int, int block, LinearRole role) { session_.selection().selectLinear(block, role); });
    connect(overview_, &ModelOverview::tensorActivated, this, &ModelPage::openTensor);
    return padded(browser);
}

void ModelPage::buildColouring() {
    survey_ = new TensorSurvey(this);
    colouring_ = new QComboBox(overview_card_);
    colouring_->setObjectName(QStringLiteral("overview_colouring"));
    colouring_->setAccessibleName(tr("What the overview is coloured by"));
    // Without an id: known from the headers. The others are read when they are asked for.
    colouring_->addItem(tr("Type"));
    colouring_->addItem(tr("Share of bytes"));
    colouring_->addItem(tr("Largest |w|"), QStringLiteral("max_weight"));
    for (const auto& metric : linearMetrics())
        if (metric.id == "kurtosis" || metric.id == "outlier_share") {
            colouring_->addItem(QString::fromStdString(metric.label), QString::fromStdString(metric.id));
            colouring_->setItemData(colouring_->count() - 1, QString::fromStdString(metric.definition),
                                    Qt::ToolTipRole);
        }
    overview_card_->addHeaderWidget(colouring_);
    connect(colouring_, &QComboBox::currentIndexChanged, this, &ModelPage::showColouring);
    connect(survey_, &TensorSurvey::changed, this, &ModelPage::showColouring);
    connect(survey_, &TensorSurvey::failed, &session_, &Session::failed);
}

void ModelPage::showColouring() {
    const QString id = colouring_->currentData().toString();
    overview_card_->setNote(QString());
    if (!model_ || colouring_->currentIndex() == 0) {
        survey_->stop();
        return overview_->setMeasure(std::nullopt);
    }
    auto measure = shareOfBytes(*model_->files);
    if (id.isEmpty()) {
        survey_->stop();
        return overview_->setMeasure(std::move(measure));
    }
    std::vector<int> tensors;
    tensors.reserve(measure.values.size());
    for (const auto& [tensor, share] : measure.values) tensors.push_back(tensor);
    std::ranges::stable_sort(tensors, {}, [&](int tensor) {
        return tensorPlace(model_->files->tensors()[static_cast<std::size_t>(tensor)].name).block;
    });
    measure = {colouring_->currentText(), {}, ScaleKind::logarithmic, survey_->values(id.toStdString())};
    const auto known = survey_->knownCount();
    if (known < tensors.size()) {
        overview_card_->setNote(tr("read %1 of %2").arg(known).arg(tensors.size()));
        if (!survey_->isReading()) survey_->start(std::move(tensors));
    }
    overview_->setMeasure(std::move(measure));
}

QWidget* ModelPage::buildTable() {
    auto* card = new Card(tr("Tensors"), this);
    tensors_ = new TensorTableModel(this);
    filter_ = new TensorFilter(this);
    filter_->setSourceModel(tensors_);
    table_ = new RowTable(card);
    table_->setObjectName(QStringLiteral("tensor_table"));
    table_->setAccessibleName(tr("Tensors of the model"));
    table_->setModel(filter_);
    table_->setSortingEnabled(true);
    table_->sortByColumn(-1, Qt::AscendingOrder);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->setShowGrid(false);
    table_->setTextElideMode(Qt::ElideMiddle);  // names of tensors begin alike
    table_->setWordWrap(false);
    table_->setFrameShape(QFrame::NoFrame);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(kRowPixels);
    table_->horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
    table_->horizontalHeader()->setSectionResizeMode(TensorTableModel::name_column, QHeaderView::Stretch);
    // All types and shapes of a model occur among its first tensors: measuring every row takes 20 ms.
    table_->horizontalHeader()->setResizeContentsPrecision(40);
    filter_edit_ = new QLineEdit(card);
    filter_edit_->setObjectName(QStringLiteral("tensor_filter"));
    filter_edit_->setAccessibleName(tr("Filter tensors"));
    filter_edit_->setPlaceholderText(tr("Filter tensors…"));
    filter_edit_->setClearButtonEnabled(true);
    filter_edit_->setMaximumWidth(220);
    card->addHeaderWidget(filter_edit_);
    card->setBody(table_);
    connect(filter_edit_, &QLineEdit::textChanged, filter_, &TensorFilter::setText);
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        const auto rows = table_->selectionModel()->selectedRows();
        if (!rows.isEmpty()) takeTensor(rows.first().row());
    });
    connect(table_, &QTableView::activated, this,
            [this](const QModelIndex& index) { openTensor(tensorOfRow(index.row())); });
    return card;
}

void ModelPage::buildInspector() {
    inspector_ = new QWidget;
    auto* layout = new QVBoxLayout(inspector_);
    layout->setContentsMargins(kCardPadding, kCardPadding, kCardPadding, kCardPadding);
    facts_ = new FactList(inspector_);
    layout->addWidget(facts_);
    auto* button = new QPushButton(tr("Build a pipeline →"), inspector_);
    button->setObjectName(QStringLiteral("build_pipeline"));
    button->setProperty("primary", true);
    pipeline_button_ = button;
    layout->addWidget(button, 0, Qt::AlignLeft);
    layout->addStretch(1);
    connect(button, &QPushButton::clicked, this, &ModelPage::pipelineWanted);
}

void ModelPage::refresh() {
    const auto model = session_.models().current();
    if (model == model_ && model) return;
    const bool same_files = model && model_ && model->files == model_->files;
    model_ = model;
    if (same_files) return refreshFacts();  // its text has been read meanwhile
    stack_->setCurrentWidget(model_ ? browser_ : static_cast<QWidget*>(empty_));
    overview_->setModel(model_ ? model_->files : nullptr);
    survey_->setModel(model_);
    showColouring();
    tensors_->setModel(model_ ? model_->files : nullptr);
    lossy_->setVisible(model_ && isLossySource(*model_->files));
    overview_card_->setTitle(model_ ? model_->name : QString());
    overview_card_->setDetail(model_ ? modelSummary(*model_) : QString());
    for (int column = 1; column < TensorTableModel::column_count; ++column) table_->resizeColumnToContents(column);
    refreshFacts();
    showSelection();
}

void ModelPage::refreshFacts() {
    pipeline_button_->setVisible(model_ != nullptr && model_->config.has_value());
    if (!model_) {
        facts_->setContents({}, tr("Facts about the model appear here."), {});
        return;
    }
    facts_->setContents(model_->name, model_->path, modelFacts(*model_, session_.paths().runs));
}

void ModelPage::showSelection() {
    const auto& selection = session_.selection().current();
    overview_->setSelected(selection.block, selection.linear);
    if (!model_ || !selection.hasLinear()) return;
    for (int row = 0; row < filter_->rowCount(); ++row) {
        const auto* tensor = tensors_->tensor(tensorOfRow(row));
        const auto place = tensor != nullptr ? tensorPlace(tensor->name) : TensorPlace();
        if (place.block != selection.block || place.role != selection.linear) continue;
        table_->setCurrentIndex(filter_->index(row, 0));
        return;
    }
}

int ModelPage::tensorOfRow(int row) const {
    return filter_->mapToSource(filter_->index(row, 0)).row();
}

void ModelPage::takeTensor(int row) {
    const auto* tensor = tensors_->tensor(tensorOfRow(row));
    if (tensor == nullptr) return;
    const auto place = tensorPlace(tensor->name);
    if (place.block >= 0 && place.role) session_.selection().selectLinear(place.block, *place.role);
}

void ModelPage::openTensor(int tensor) {
    if (!model_ || tensor < 0 || tensor >= static_cast<int>(model_->files->tensors().size())) return;
    tensor_view_->open(model_, tensor);
    stack_->setCurrentWidget(tensor_view_);
}

}  // namespace quantoscope
