#include <algorithm>

#include "widgets/locate/locate_popup.h"

namespace quantoscope {
namespace {
constexpr std::size_t kMostHits = 60;
}

LocateModel::LocateModel(QObject* parent) : QAbstractListModel(parent) {}

void LocateModel::setItems(std::vector<LocateItem> items) {
    beginResetModel();
    items_ = std::move(items);
    hits_ = matches();
    endResetModel();
}

void LocateModel::setPattern(const QString& pattern) {
    beginResetModel();
    pattern_ = pattern;
    hits_ = matches();
    endResetModel();
}

std::vector<LocateModel::Hit> LocateModel::matches() const {
    std::vector<Hit> hits;
    for (std::size_t i = 0; i < items_.size(); ++i) {
        auto match = fuzzyMatch(pattern_, items_[i].text);
        const auto alias = items_[i].aliases.isEmpty() ? std::nullopt : fuzzyMatch(pattern_, items_[i].aliases);
        // An alias is not shown, so its letters cannot be drawn bold.
        if (alias && (!match || alias->score > match->score)) match = FuzzyMatch{alias->score, {}};
        if (match) hits.push_back({i, std::move(*match)});
    }
    std::stable_sort(hits.begin(), hits.end(),
                     [](const Hit& a, const Hit& b) { return a.match.score > b.match.score; });
    if (hits.size() > kMostHits) hits.resize(kMostHits);
    return hits;
}

int LocateModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(hits_.size());
}

QVariant LocateModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Hit& hit = hits_[static_cast<std::size_t>(index.row())];
    const LocateItem& item = items_[hit.item];
    switch (role) {
        case Qt::DisplayRole:
            return item.text;
        case Qt::AccessibleTextRole:
            return item.text + QStringLiteral(", ") + item.group;
        case kGroupRole:
            return item.group;
        case kShortcutRole:
            return item.shortcut;
        case kIdRole:
            return item.id;
        case kPositionsRole:
            break;
        default:
            return {};
    }
    QVariantList positions;
    for (const int position : hit.match.positions) positions << position;
    return positions;
}

}  // namespace quantoscope
