#include "app/workbench/bits_page/bits_study.h"

#include <QFileInfo>
#include <algorithm>
#include <cmath>

#include "core/mixed_bits/divergence_file.h"

namespace quantoscope {
namespace {

constexpr auto kUnpinned = BitsCell::kUnknown;

bool isMeasured(const QString& folder, const BitSweep& sweep) {
    return std::ranges::any_of(sweep.members, [&](const QString& member) {
        std::error_code error;  // of a disk that is away: not measured, as far as can be seen
        return std::filesystem::exists(divergencePath(folder.toStdString(), member.toStdString()), error);
    });
}

/// Where the slider stands at first: the smallest size that loses one percent of perplexity at most, or a twentieth of
/// what there is to lose where nothing was scored.
std::int64_t firstSize(const std::vector<LossPoint>& curve, const Sensitivity& sensitivity) {
    constexpr double kPerplexityShare = 0.01;
    constexpr double kLossShare = 0.05;
    const double best = curve.back().loss;
    const double allowed =
        best + (sensitivity.calibrated ? kPerplexityShare : kLossShare * (curve.front().loss - best));
    return std::ranges::find_if(curve, [&](const LossPoint& point) { return point.loss <= allowed; })->size_bits;
}

}  // namespace

void BitsStudy::open(const QString& folder, const BitSweep& sweep, const QStringList& others) {
    const bool same = folder == folder_ && sweep.members == sweep_.members;
    folder_ = folder;
    sweep_ = sweep;
    if (!same) forget();
    if (!isMeasured(folder, sweep)) {
        reading_.drop();
        forget();
        state_ = State::unmeasured;
        emit changed();
        return;
    }
    if (read_ == nullptr) {
        state_ = State::reading;
        emit changed();
    }
    reading_.start([folder, sweep, others](const std::stop_token& stop) { return read(folder, sweep, others, stop); },
                   [this](Result<Read> read) { take(std::move(read)); });
}

/// What was read and solved of a sweep; an answer that is still on its way belongs to it too.
void BitsStudy::forget() {
    solving_.drop();
    read_.reset();
    decided_ = {};
    curve_.clear();
    assigned_.reset();
    map_.clear();
}

void BitsStudy::close() {
    reading_.drop();
    forget();
    folder_.clear();
    sweep_ = {};
    state_ = State::nothing;
    emit changed();
}

Result<BitsStudy::Read> BitsStudy::read(const QString& folder, const BitSweep& sweep, const QStringList& others,
                                        const std::stop_token& stop) {
    QS_ASSIGN(const auto run, RunFolder::openForReading(folder.toStdString()));
    Read read;
    QS_ASSIGN(read.sensitivity, readSensitivity(*run, sweep.members.first().toStdString(), JobContext(stop)));
    QS_ASSIGN(const auto text, run->recipeText());
    QS_ASSIGN(read.recipe, parseRecipe(text));
    // A folder that cannot be read has no runs to compare with: no reason to show nothing.
    for (const auto& other : others)
        if (const auto opened = RunFolder::openForReading(other.toStdString()))
            (void)addMeasuredRuns(**opened, read.sensitivity);
    return read;
}

void BitsStudy::take(Result<Read> read) {
    if (!read) {
        state_ = State::failed;
        problem_ = read.error();
        forget();
        emit changed();
        return;
    }
    read_ = std::make_shared<const Read>(std::move(*read));
    if (const auto kept = kept_.find(key()); kept != kept_.end()) decided_ = kept->second;
    decided_.pins.resize(static_cast<std::size_t>(read_->sensitivity.block_count), [] {
        std::array<std::int64_t, HeatmapData::kRows> free{};
        free.fill(kUnpinned);
        return free;
    }());
    forgetPinsWithoutWidth();
    state_ = State::ready;
    emit changed();
    solveSoon();
}

/// A width that a linear was set to may be gone since: its run has collapsed or was deleted.
void BitsStudy::forgetPinsWithoutWidth() {
    for (std::size_t block = 0; block < decided_.pins.size(); ++block)
        for (std::size_t row = 0; row < HeatmapData::kRows; ++row) {
            auto& pin = decided_.pins[block][row];
            const auto* known = linear({static_cast<int>(block), static_cast<int>(row)});
            const bool there =
                known != nullptr && std::ranges::find(known->choices, pin, &BitChoice::bits) != known->choices.end();
            if (!there && pin != LayerBitsRule::kSkip) pin = kUnpinned;
        }
}

Result<BitsStudy::Solved> BitsStudy::solve(const Sensitivity& sensitivity, double wanted, const LayerBits& pins,
                                           const std::stop_token& stop) {
    Solved solved;
    QS_ASSIGN(const auto choices, pinnedChoices(sensitivity, pins));
    QS_ASSIGN(solved.curve, lossCurve(choices));
    const double weights = static_cast<double>(sensitivity.weights);
    const auto least = solved.curve.front().size_bits;
    const auto most = solved.curve.back().size_bits;
    const auto budget =
        wanted > 0.0 ? static_cast<std::int64_t>(std::floor(wanted * weights)) : firstSize(solved.curve, sensitivity);
    QS_ASSIGN(solved.assigned, assignFor(sensitivity, std::clamp(budget, least, most), pins, JobContext(stop)));
    return solved;
}

void BitsStudy::solveSoon() {
    if (read_ == nullptr) return;
    solving_.start([read = read_, wanted = decided_.wanted, pins = pinRules()](
                       const std::stop_token& stop) { return solve(read->sensitivity, wanted, pins, stop); },
                   [this](Result<Solved> solved) { takeSolved(std::move(solved)); });
}

void BitsStudy::takeSolved(Result<Solved> solved) {
    if (!solved) {
        state_ = State::failed;
        problem_ = solved.error();
        emit changed();
        return;
    }
    const bool again = state_ != State::ready;  // what could not be solved was undone
    state_ = State::ready;
    curve_ = std::move(solved->curve);
    assigned_ = std::move(solved->assigned);
    if (decided_.wanted <= 0.0) decided_.wanted = bitsPerWeight();
    map_.assign(assigned_->bits.size(), {});
    for (std::size_t block = 0; block < map_.size(); ++block)
        for (std::size_t row = 0; row < HeatmapData::kRows; ++row)
            map_[block][row] = {assigned_->bits[block][row], decided_.pins[block][row] != kUnpinned};
    if (again) emit changed();
    emit assignedChanged();
}

ValueRange BitsStudy::sizes() const {
    if (read_ == nullptr || curve_.empty()) return {0.0, 1.0};
    return {read_->sensitivity.bitsPerWeight(curve_.front().size_bits),
            read_->sensitivity.bitsPerWeight(curve_.back().size_bits)};
}

double BitsStudy::bitsPerWeight() const {
    return assigned_ && read_ ? read_->sensitivity.bitsPerWeight(assigned_->size_bits) : 0.0;
}

std::optional<double> BitsStudy::expectedPerplexity() const {
    if (!assigned_ || read_ == nullptr) return std::nullopt;
    return quantoscope::expectedPerplexity(read_->sensitivity, assigned_->loss);
}

const LinearSensitivity* BitsStudy::linear(HeatmapCell cell) const {
    if (read_ == nullptr) return nullptr;
    const auto found = std::ranges::find_if(read_->sensitivity.linears, [&](const LinearSensitivity& linear) {
        return linear.block == cell.block && static_cast<int>(linear.role) == cell.row;
    });
    return found == read_->sensitivity.linears.end() ? nullptr : &*found;
}

LayerBits BitsStudy::pinRules() const {
    LayerBits rules;
    const auto& pins = decided_.pins;
    for (std::size_t block = 0; block < pins.size(); ++block)
        for (std::size_t row = 0; row < HeatmapData::kRows; ++row) {
            if (pins[block][row] == kUnpinned) continue;
            LayerBitsRule rule;
            rule.first_block = rule.last_block = static_cast<std::int64_t>(block);
            rule.linears[row] = true;
            rule.bits = pins[block][row];
            rules.push_back(rule);
        }
    return rules;
}

QString BitsStudy::key() const {
    return folder_ + QChar(0x1f) + sweep_.members.join(QChar(0x1f));
}

void BitsStudy::decide(const QString& key, const BitsDecisions& decisions) {
    kept_[key] = decisions;
    if (read_ == nullptr || key != this->key()) return;
    decided_ = decisions;
    solveSoon();
}

BitsDecisions BitsDecisions::withPins(const QList<HeatmapCell>& cells, std::optional<std::int64_t> bits) const {
    auto changed = *this;
    for (const auto& cell : cells) {
        if (cell.block < 0 || cell.block >= static_cast<int>(pins.size())) continue;
        changed.pins[static_cast<std::size_t>(cell.block)][static_cast<std::size_t>(cell.row)] =
            bits.value_or(kUnpinned);
    }
    return changed;
}

BitsDecisions BitsDecisions::withoutPins() const {
    auto changed = *this;
    for (auto& block : changed.pins) block.fill(kUnpinned);
    return changed;
}

bool BitsDecisions::hasPins() const {
    return std::ranges::any_of(pins, [](const auto& block) {
        return std::ranges::any_of(block, [](std::int64_t bits) { return bits != kUnpinned; });
    });
}

}  // namespace quantoscope
