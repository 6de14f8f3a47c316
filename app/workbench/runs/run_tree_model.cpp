#include "app/workbench/runs/run_tree_model.h"

#include <QPainter>
#include <QPixmap>
#include <algorithm>
#include <cmath>

#include "widgets/text/number_text.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr quintptr kFolderRow = 0;  // runs carry their folder's row + 1
constexpr int kDotPixels = 10;

QPixmap dot(const QColor& colour, bool filled) {
    QPixmap pixmap(kDotPixels * 2, kDotPixels * 2);
    pixmap.setDevicePixelRatio(2.0);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 1.5));
    if (filled) painter.setBrush(colour);
    painter.drawEllipse(QRectF(1, 1, kDotPixels - 2, kDotPixels - 2));
    return pixmap;
}

}  // namespace

QString runValueText(const RunEntry& run, const RunEntry* baseline) {
    if (const auto score = perplexityScore(run.scores)) {
        const auto pinned = baseline != nullptr && baseline->key != run.key
                                ? perplexityScore(baseline->scores, score->benchmark)
                                : std::nullopt;
        if (!pinned || pinned->benchmark != score->benchmark) return valueText(score->value);
        return valueText(score->value) + QStringLiteral("  ") + deltaText(score->value - pinned->value);
    }
    for (const auto& score : run.scores)
        if (!std::isnan(score.standard_error)) return QStringLiteral("%1 %").arg(100.0 * score.value, 0, 'f', 1);
    if (run.info.state == "done") return QObject::tr("done");
    if (run.interrupted) return QObject::tr("interrupted");
    if (run.info.state == "running" && run.info.block_count > 0)
        return QStringLiteral("%1 %").arg(100 * run.info.finished_blocks / run.info.block_count);
    return QString::fromStdString(run.info.state);
}

QString runToolTip(const RunEntry& run) {
    QStringList lines{runLabel(run.info)};
    if (run.info.block_count > 0)
        lines << QObject::tr("%1 of %2 blocks, %3")
                     .arg(run.info.finished_blocks)
                     .arg(run.info.block_count)
                     .arg(runStateText(run));
    if (run.info.bits_per_weight > 0)
        lines << QObject::tr("%1 bits per weight").arg(valueText(run.info.bits_per_weight));
    for (const auto& score : run.scores)
        lines << QStringLiteral("%1 %2: %3")
                     .arg(QString::fromStdString(score.benchmark), QString::fromStdString(score.metric),
                          valueText(score.value));
    return lines.join(QLatin1Char('\n'));
}

bool RunTreeModel::sameRows(const std::vector<RunFolderEntry>& folders) const {
    return std::ranges::equal(folders_, folders, [](const auto& a, const auto& b) {
        return a.folder == b.folder && std::ranges::equal(a.runs, b.runs, {}, &RunEntry::key, &RunEntry::key);
    });
}

void RunTreeModel::setFolders(const std::vector<RunFolderEntry>& folders) {
    if (!sameRows(folders)) {
        beginResetModel();
        folders_ = folders;
        endResetModel();
        return;
    }
    folders_ = folders;
    for (int row = 0; row < rowCount(); ++row) {
        const auto folder_index = index(row, 0);
        emit dataChanged(folder_index, index(row, column_count - 1));
        if (rowCount(folder_index) > 0)
            emit dataChanged(index(0, 0, folder_index),
                             index(rowCount(folder_index) - 1, column_count - 1, folder_index));
    }
}

void RunTreeModel::setBaseline(const RunKey& run) {
    baseline_ = run;
    setFolders(std::vector<RunFolderEntry>(folders_));
}

void RunTreeModel::setTokens(const Tokens& tokens) {
    tokens_ = &tokens;
    setFolders(std::vector<RunFolderEntry>(folders_));
}

const RunFolderEntry* RunTreeModel::folder(const QModelIndex& index) const {
    if (!index.isValid()) return nullptr;
    const auto row = index.internalId() == kFolderRow ? static_cast<std::size_t>(index.row()) : index.internalId() - 1;
    return row < folders_.size() ? &folders_[row] : nullptr;
}

const RunEntry* RunTreeModel::run(const QModelIndex& index) const {
    if (!index.isValid() || index.internalId() == kFolderRow) return nullptr;
    const auto* owner = folder(index);
    const auto row = static_cast<std::size_t>(index.row());
    return owner != nullptr && row < owner->runs.size() ? &owner->runs[row] : nullptr;
}

RunKey RunTreeModel::runAt(const QModelIndex& index) const {
    const auto* entry = run(index);
    return entry != nullptr ? entry->key : RunKey();
}

QString RunTreeModel::folderAt(const QModelIndex& index) const {
    const auto* entry = folder(index);
    return entry != nullptr ? entry->folder : QString();
}

QModelIndex RunTreeModel::indexOfFolder(const QString& path) const {
    const auto found = std::ranges::find(folders_, path, &RunFolderEntry::folder);
    return found == folders_.end() ? QModelIndex() : index(static_cast<int>(found - folders_.begin()), 0);
}

QModelIndex RunTreeModel::indexOf(const RunKey& key) const {
    const auto parent = indexOfFolder(key.folder);
    if (!parent.isValid()) return {};
    const auto& runs = folders_[static_cast<std::size_t>(parent.row())].runs;
    const auto found = std::ranges::find(runs, key, &RunEntry::key);
    return found == runs.end() ? QModelIndex() : index(static_cast<int>(found - runs.begin()), 0, parent);
}

QModelIndex RunTreeModel::index(int row, int column, const QModelIndex& parent) const {
    if (row < 0 || column < 0 || column >= column_count || row >= rowCount(parent)) return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : kFolderRow);
}

QModelIndex RunTreeModel::parent(const QModelIndex& child) const {
    if (!child.isValid() || child.internalId() == kFolderRow) return {};
    return createIndex(static_cast<int>(child.internalId() - 1), 0, kFolderRow);
}

int RunTreeModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) return static_cast<int>(folders_.size());
    if (parent.internalId() != kFolderRow || parent.column() > 0) return 0;
    const auto* owner = folder(parent);
    return owner != nullptr ? static_cast<int>(owner->runs.size()) : 0;
}

int RunTreeModel::columnCount(const QModelIndex&) const {
    return column_count;
}

QVariant RunTreeModel::data(const QModelIndex& index, int role) const {
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue<int>((index.column() == name_column ? Qt::AlignLeft : Qt::AlignRight) |
                                        Qt::AlignVCenter);
    if (role == Qt::ForegroundRole && index.column() == value_column) return tokens_->muted;
    if (const auto* entry = run(index)) return runData(*entry, index.column(), role);
    if (const auto* entry = folder(index)) return folderData(*entry, index.column(), role);
    return {};
}

QVariant RunTreeModel::folderData(const RunFolderEntry& entry, int column, int role) const {
    if (role == Qt::DisplayRole && column == name_column) return entry.name;
    if (role == Qt::DisplayRole) return bytesText(entry.disk_bytes);
    if (role == Qt::EditRole && column == name_column) return entry.name;
    if (role == Qt::ForegroundRole && !entry.problem.isEmpty()) return tokens_->bad;
    if (role == Qt::ToolTipRole) {
        QStringList lines{entry.folder};
        if (!entry.problem.isEmpty()) lines << entry.problem;
        if (entry.interrupted) lines << tr("Interrupted: can be resumed");
        if (!entry.created.isEmpty()) lines << tr("Started %1").arg(entry.created);
        if (!entry.notes.annotation.empty()) lines << QString::fromStdString(entry.notes.annotation);
        return lines.join(QLatin1Char('\n'));
    }
    return {};
}

QVariant RunTreeModel::runData(const RunEntry& entry, int column, int role) const {
    if (role == Qt::ToolTipRole) return runToolTip(entry);
    if (column == value_column)
        return role == Qt::DisplayRole ? QVariant(runValueText(entry, run(indexOf(baseline_)))) : QVariant();
    if (role == Qt::DisplayRole)
        return entry.key == baseline_ ? runLabel(entry.info) + QStringLiteral("  ◆") : runLabel(entry.info);
    if (role == Qt::DecorationRole) return dot(runColour(entry.info, *tokens_), entry.isFinished());
    if (role == Qt::AccessibleTextRole)
        return runLabel(entry.info) + (entry.key == baseline_ ? tr(", baseline") : QString());
    return {};
}

bool RunTreeModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::EditRole || run(index) != nullptr || folder(index) == nullptr) return false;
    const QString name = value.toString().trimmed();
    if (name.isEmpty()) return false;
    emit renamed(folderAt(index), name);
    return true;
}

Qt::ItemFlags RunTreeModel::flags(const QModelIndex& index) const {
    auto flags = QAbstractItemModel::flags(index);
    if (run(index) != nullptr) return flags | Qt::ItemNeverHasChildren;
    flags &= ~Qt::ItemIsSelectable;
    return index.column() == name_column ? flags | Qt::ItemIsEditable : flags;
}

}  // namespace quantoscope
