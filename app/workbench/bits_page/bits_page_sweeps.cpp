// Which sweep the Bits page shows.
#include <QComboBox>
#include <algorithm>
#include <optional>

#include "app/workbench/bits_page/bits_page.h"

namespace quantoscope {
namespace {

constexpr int kNoRow = -1;

}  // namespace

void BitsPage::fillSweeps() {
    const int row = sweep_->currentIndex();
    const auto chosen = row >= 0 ? std::optional(entries_[static_cast<std::size_t>(row)]) : std::nullopt;
    entries_.clear();
    QStringList texts;
    const auto& folders = session_.runs().folders();
    for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder)
        for (auto& sweep : bitSweeps(*folder)) {
            texts << folder->name + QStringLiteral(" — ") + sweep.label;
            entries_.push_back({folder->folder, std::move(sweep)});
        }
    fillSweepChoice(texts);
    const auto same = std::ranges::find_if(entries_, [&](const Entry& entry) {
        return chosen && entry.folder == chosen->folder && entry.sweep.label == chosen->sweep.label;
    });
    const int first = entries_.empty() ? kNoRow : 0;
    sweep_->setCurrentIndex(same == entries_.end() ? first : static_cast<int>(same - entries_.begin()));
    sweep_->setVisible(!entries_.empty());
    openWhenSeen();
}

/// An open list of choices is not closed under the user's hand when nothing has changed.
void BitsPage::fillSweepChoice(const QStringList& texts) {
    QStringList shown;
    for (int i = 0; i < sweep_->count(); ++i) shown << sweep_->itemText(i);
    if (shown == texts) return;
    sweep_->clear();
    sweep_->addItems(texts);
}

/// Reading a sweep opens all its layer files: only for what has changed, and only while somebody looks.
void BitsPage::openWhenSeen() {
    if (!isVisible()) return;
    const auto* folder = session_.runs().findFolder(study_.folder());
    QStringList finished;
    for (const auto& other : session_.runs().folders())
        if (folder != nullptr && other.model_path == folder->model_path)
            for (const auto& run : other.runs)
                if (run.isFinished()) finished.append(run.key.text());
    const int row = sweep_->currentIndex();
    const bool same = row >= 0 && entries_[static_cast<std::size_t>(row)].folder == study_.folder() &&
                      entries_[static_cast<std::size_t>(row)].sweep.members == study_.sweep().members;
    if (same && finished == finished_) return;
    finished_ = finished;
    openChosen();
}

void BitsPage::openChosen() {
    const int row = sweep_->currentIndex();
    if (row < 0 || row >= static_cast<int>(entries_.size())) {
        if (study_.state() != BitsStudy::State::nothing) study_.close();
        return refresh();
    }
    const auto& entry = entries_[static_cast<std::size_t>(row)];
    const auto* own = session_.runs().findFolder(entry.folder);
    QStringList others;
    for (const auto& folder : session_.runs().folders())
        if (own != nullptr && folder.folder != entry.folder && folder.model_path == own->model_path)
            others.append(folder.folder);
    study_.open(entry.folder, entry.sweep, others);
}

}  // namespace quantoscope
