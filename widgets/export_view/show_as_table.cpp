#include "widgets/export_view/show_as_table.h"

#include <QClipboard>
#include <QDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>
#include <optional>

#include "widgets/theme/tokens.h"

namespace quantoscope {
namespace {

std::optional<double> numberIn(const QString& cell) {
    bool ok = false;
    const double value = QLocale::c().toDouble(cell, &ok);
    return ok ? std::optional<double>(value) : std::nullopt;
}

}  // namespace

ViewTableModel::ViewTableModel(ViewTable table, QObject* parent)
    : QAbstractTableModel(parent), table_(std::move(table)) {}

int ViewTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(table_.rows.size());
}

int ViewTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(table_.header.size());
}

QVariant ViewTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const QString cell = table_.rows[static_cast<std::size_t>(index.row())].value(index.column());
    const auto number = numberIn(cell);
    if (role == Qt::DisplayRole) return cell;
    if (role == Qt::EditRole) return number ? QVariant(*number) : QVariant(cell);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    return {};
}

QVariant ViewTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    return table_.header.value(section);
}

QDialog* showAsTable(QWidget* parent, const ExportableView& view) {
    auto* dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("viewAsTable"));
    dialog->setWindowTitle(view.viewTitle());
    auto* sorted = new QSortFilterProxyModel(dialog);
    sorted->setSortRole(Qt::EditRole);
    sorted->setSourceModel(new ViewTableModel(view.viewTable(), sorted));
    auto* table = new QTableView(dialog);
    table->setTabKeyNavigation(false);
    table->setObjectName(QStringLiteral("viewTable"));
    table->setModel(sorted);
    table->setSortingEnabled(true);
    table->sortByColumn(-1, Qt::AscendingOrder);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(kRowPixels);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    auto* copy = new QPushButton(QStringLiteral("Copy as CSV"), dialog);
    copy->setObjectName(QStringLiteral("copyCsv"));
    QObject::connect(copy, &QPushButton::clicked, dialog,
                     [csv = view.csvText()] { QGuiApplication::clipboard()->setText(csv); });
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(copy);
    auto* layout = new QVBoxLayout(dialog);
    layout->addWidget(table);
    layout->addLayout(buttons);
    dialog->resize(720, 480);
    dialog->show();
    return dialog;
}

}  // namespace quantoscope
