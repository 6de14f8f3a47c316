#include "app/workbench/bits_page/bits_commands.h"

namespace quantoscope {
namespace {

constexpr int kContinuousId = 0x62697473;
constexpr qint64 kMovementMs = 1'000;  // a pause this long ends a movement

}  // namespace

BitsCommand::BitsCommand(BitsStudy& study, BitsDecisions after, const QString& label, bool continuous)
    : QUndoCommand(label),
      study_(&study),
      key_(study.key()),
      before_(study.decisions()),
      after_(std::move(after)),
      continuous_(continuous) {
    since_.start();
}

void BitsCommand::undo() {
    if (study_ != nullptr) study_->decide(key_, before_);
}

void BitsCommand::redo() {
    if (study_ != nullptr) study_->decide(key_, after_);
}

int BitsCommand::id() const {
    return continuous_ ? kContinuousId : -1;
}

bool BitsCommand::mergeWith(const QUndoCommand* next) {
    const auto* const later = dynamic_cast<const BitsCommand*>(next);
    if (later == nullptr || later->key_ != key_ || since_.elapsed() > kMovementMs) return false;
    after_ = later->after_;
    setText(later->text());
    since_.restart();
    return true;
}

}  // namespace quantoscope
