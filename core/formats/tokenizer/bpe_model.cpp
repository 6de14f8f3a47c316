#include "core/formats/tokenizer/bpe_model.h"

#include <algorithm>

namespace quantoscope {

namespace {
constexpr std::uint32_t kNone = 0xFFFFFFFF;
constexpr std::size_t kMergesBetweenPolls = 65536;
}  // namespace

Status BpeModel::addText(std::string_view text, std::int64_t id) {
    const std::string number = std::to_string(id);
    if (id < 0) return failure("token id " + number + " must be a non-negative integer");
    if (id > kLargestId) return failure("token id " + number + " is above the limit of " + std::to_string(kLargestId));
    const auto index = static_cast<std::size_t>(id);
    if (index >= tokens.size()) tokens.resize(index + 1);
    if (!tokens[index].empty()) return failure("token id " + number + " is used twice");
    tokens[index] = text;
    return {};
}

Status BpeModel::addToken(std::string_view text, std::int64_t id) {
    QS_TRY(addText(text, id));
    if (!ids.try_emplace(std::string(text), static_cast<std::int32_t>(id)).second) {
        return failure("token '" + std::string(text) + "' is in the vocabulary twice");
    }
    return {};
}

void BpeMerger::offer(const std::vector<std::int32_t>& symbols, std::uint32_t left, std::uint32_t right) {
    const auto found = model_.merges.find(BpeModel::pairKey(symbols[left], symbols[right]));
    if (found == model_.merges.end()) return;
    heap_.push_back({found->second.rank, left, symbols[left], symbols[right], found->second.result});
    std::push_heap(heap_.begin(), heap_.end());
}

Status BpeMerger::merge(std::vector<std::int32_t>& symbols, const JobContext& job) {
    const auto count = static_cast<std::uint32_t>(symbols.size());
    if (count < 2) return {};
    heap_.clear();
    next_.resize(count);
    previous_.resize(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        previous_[i] = i == 0 ? kNone : i - 1;
        next_[i] = i + 1 == count ? kNone : i + 1;
        if (i + 1 < count) offer(symbols, i, i + 1);
    }
    constexpr std::int32_t kGone = -1;
    for (std::size_t step = 0; !heap_.empty(); ++step) {
        if (step % kMergesBetweenPolls == 0) QS_TRY(job.checkStop());
        std::pop_heap(heap_.begin(), heap_.end());
        const Candidate best = heap_.back();
        heap_.pop_back();
        const std::uint32_t right = next_[best.left];
        if (symbols[best.left] != best.left_id || right == kNone || symbols[right] != best.right_id) continue;
        symbols[best.left] = best.result;
        symbols[right] = kGone;
        next_[best.left] = next_[right];
        if (next_[right] != kNone) previous_[next_[right]] = best.left;
        if (previous_[best.left] != kNone) offer(symbols, previous_[best.left], best.left);
        if (next_[best.left] != kNone) offer(symbols, best.left, next_[best.left]);
    }
    std::erase(symbols, kGone);
    return {};
}

}  // namespace quantoscope
