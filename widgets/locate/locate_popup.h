// Ctrl+K: one list over everything that can be done or gone to.
#pragma once

#include <QAbstractListModel>
#include <QFrame>
#include <vector>

#include "widgets/locate/fuzzy_match.h"

class QLineEdit;
class QListView;

namespace quantoscope {

struct LocateItem {
    QString id;        ///< comes back in chosen()
    QString text;      ///< what is matched: "layers.12.mlp.down_proj", "Save recipe…"
    QString group;     ///< "Action", "Layer", "Run", "Setting"
    QString shortcut;  ///< shown at the right
    QString aliases;   ///< also matched, not shown: "l12.down"
};

/// Items that fit the pattern, best first, at most `limit`. An empty pattern keeps the given order.
class LocateModel : public QAbstractListModel {
    Q_OBJECT
public:
    static constexpr int kGroupRole = Qt::UserRole + 1;
    static constexpr int kShortcutRole = Qt::UserRole + 2;
    static constexpr int kPositionsRole = Qt::UserRole + 3;  ///< QVariantList of int
    static constexpr int kIdRole = Qt::UserRole + 4;
    explicit LocateModel(QObject* parent = nullptr);
    void setItems(std::vector<LocateItem> items);
    void setPattern(const QString& pattern);
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    struct Hit {
        std::size_t item;
        FuzzyMatch match;
    };
    std::vector<Hit> matches() const;

    std::vector<LocateItem> items_;
    QString pattern_;
    std::vector<Hit> hits_;
};

/// popUp() under the top centre of its parent window; Esc closes, arrows move, Enter chooses.
class LocatePopup : public QFrame {
    Q_OBJECT
public:
    explicit LocatePopup(QWidget* parent);
    void setItems(std::vector<LocateItem> items);
    void popUp();

signals:
    void chosen(const QString& id);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void choose(const QModelIndex& index);

    QLineEdit* edit_ = nullptr;
    QListView* list_ = nullptr;
    LocateModel* model_ = nullptr;
};

}  // namespace quantoscope
