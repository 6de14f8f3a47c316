#include "core/mixed_bits/assign_bits.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <string>

namespace quantoscope {
namespace {

constexpr std::size_t kMostStates = std::size_t{1} << 25;
constexpr double kSlack = 1e-9;  // of the loss: what sums in another order may differ by, many times over

/// Going from one corner of a linear's hull to the next larger one.
struct Step {
    std::size_t linear = 0;
    std::size_t to = 0;  // choice
    std::int64_t size_bits = 0;
    double loss = 0.0;  // negative
    double slope() const { return loss / static_cast<double>(size_bits); }
};

Status checkChoices(std::span<const LinearChoices> linears) {
    for (const auto& choices : linears) {
        if (choices.empty()) return failure("a linear has no bit width to choose from");
        for (const auto& choice : choices)
            if (!std::isfinite(choice.loss) || choice.loss < 0.0 || choice.size_bits < 0 ||
                choice.size_bits > (std::int64_t{1} << 52))
                return failure("the measured loss of a linear at " + std::to_string(choice.bits) +
                               " bits is not a number that can be added");
    }
    return {};
}

/// Choices that are not beaten by a smaller or equal one, by size.
std::vector<std::size_t> frontOf(const LinearChoices& choices) {
    std::vector<std::size_t> order(choices.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        if (choices[a].size_bits != choices[b].size_bits) return choices[a].size_bits < choices[b].size_bits;
        return choices[a].loss < choices[b].loss;
    });
    std::vector<std::size_t> front;
    for (const auto i : order)
        if (front.empty() || choices[i].loss < choices[front.back()].loss) front.push_back(i);
    return front;
}

/// Corners of the lower convex hull of a front.
std::vector<std::size_t> hullOf(const LinearChoices& choices, const std::vector<std::size_t>& front) {
    std::vector<std::size_t> hull;
    const auto slope = [&](std::size_t a, std::size_t b) {
        return (choices[b].loss - choices[a].loss) / static_cast<double>(choices[b].size_bits - choices[a].size_bits);
    };
    for (const auto i : front) {
        while (hull.size() >= 2 && slope(hull[hull.size() - 2], hull.back()) >= slope(hull.back(), i)) hull.pop_back();
        hull.push_back(i);
    }
    return hull;
}

/// The linears without the choices nobody needs, and the order in which size is best spent.
struct Prepared {
    std::vector<std::vector<std::size_t>> fronts;
    std::vector<Step> steps;  // steepest first; those of one linear in order
    BitAssignment least;      // the smallest of all
};

Result<Prepared> prepare(std::span<const LinearChoices> linears) {
    QS_TRY(checkChoices(linears));
    Prepared prepared;
    for (std::size_t i = 0; i < linears.size(); ++i) {
        const auto& choices = linears[i];
        prepared.fronts.push_back(frontOf(choices));
        const auto hull = hullOf(choices, prepared.fronts.back());
        prepared.least.choice.push_back(hull.front());
        prepared.least.size_bits += choices[hull.front()].size_bits;
        prepared.least.loss += choices[hull.front()].loss;
        for (std::size_t k = 1; k < hull.size(); ++k)
            prepared.steps.push_back({i, hull[k], choices[hull[k]].size_bits - choices[hull[k - 1]].size_bits,
                                      choices[hull[k]].loss - choices[hull[k - 1]].loss});
    }
    std::ranges::stable_sort(prepared.steps, {}, &Step::slope);
    return prepared;
}

double lossOf(std::span<const LinearChoices> linears, const std::vector<std::size_t>& choice) {
    double loss = 0.0;
    for (std::size_t i = 0; i < linears.size(); ++i) loss += linears[i][choice[i]].loss;
    return loss;
}

struct Greedy {
    BitAssignment assignment;
    double price = 0.0;  // loss saved by a bit of size where the budget ran out: the multiplier of the relaxed problem
};

/// Steps in order of what they save; after the first that does not fit, smaller ones still may.
Greedy spend(std::span<const LinearChoices> linears, const Prepared& prepared, std::int64_t budget_bits) {
    Greedy greedy{prepared.least, 0.0};
    std::vector<bool> stopped(linears.size());
    for (const auto& step : prepared.steps) {
        if (stopped[step.linear]) continue;
        if (greedy.assignment.size_bits + step.size_bits > budget_bits) {
            if (greedy.price == 0.0) greedy.price = -step.slope();
            stopped[step.linear] = true;
            continue;
        }
        greedy.assignment.choice[step.linear] = step.to;
        greedy.assignment.size_bits += step.size_bits;
    }
    greedy.assignment.loss = lossOf(linears, greedy.assignment.choice);
    return greedy;
}

/// The best of what can be chosen for the linears so far at one size.
struct State {
    std::int64_t size_bits = 0;
    double loss = 0.0;
    double lost = 0.0;  // by how much the relaxed bound of every completion lies above the relaxed optimum
    std::uint32_t parent = 0;
    std::uint32_t choice = 0;
};
using Layer = std::vector<State>;

class Search {
public:
    Search(std::span<const LinearChoices> linears, const Prepared& prepared, const Greedy& greedy,
           std::int64_t budget_bits)
        : linears_(linears), prepared_(prepared), greedy_(greedy), budget_bits_(budget_bits) {}

    Result<BitAssignment> run(const JobContext& job) {
        bound();
        Layer layer{State{}};
        for (std::size_t i = 0; i < linears_.size(); ++i) {
            QS_TRY(job.checkStop());
            layer = extend(layer, i);
            if (layer.empty()) return greedy_.assignment;  // nothing is better
            states_ += layer.size();
            if (states_ > kMostStates)
                return failure("the sizes of the linears are too uneven for an exact assignment; pin some of them");
            layers_.push_back(layer);
        }
        return best();
    }

private:
    double relaxed(const BitChoice& choice) const {
        return choice.loss + greedy_.price * static_cast<double>(choice.size_bits);
    }

    void bound() {
        double bound = -greedy_.price * static_cast<double>(budget_bits_);
        rest_.assign(linears_.size() + 1, 0);
        for (std::size_t i = linears_.size(); i-- > 0;) {
            std::int64_t least_size = std::numeric_limits<std::int64_t>::max();
            double least = std::numeric_limits<double>::infinity();
            for (const auto k : prepared_.fronts[i]) {
                least_size = std::min(least_size, linears_[i][k].size_bits);
                least = std::min(least, relaxed(linears_[i][k]));
            }
            rest_[i] = rest_[i + 1] + least_size;
            bound += least;
            leasts_.push_back(least);
        }
        std::ranges::reverse(leasts_);
        const double scale = std::abs(greedy_.assignment.loss) + std::abs(bound);
        gap_ = greedy_.assignment.loss - bound + kSlack * scale;
    }

    /// All states with one more linear, without those that cannot fit, cannot win or are beaten at a smaller size.
    Layer extend(const Layer& from, std::size_t linear) const {
        Layer all;
        for (const auto k : prepared_.fronts[linear]) {
            const auto& choice = linears_[linear][k];
            const double lost = relaxed(choice) - leasts_[linear];
            if (lost > gap_) continue;
            for (std::size_t s = 0; s < from.size(); ++s) {
                const auto& state = from[s];
                const auto size_bits = state.size_bits + choice.size_bits;
                if (size_bits + rest_[linear + 1] > budget_bits_ || state.lost + lost > gap_) continue;
                all.push_back({size_bits, state.loss + choice.loss, state.lost + lost, static_cast<std::uint32_t>(s),
                               static_cast<std::uint32_t>(k)});
            }
        }
        std::ranges::stable_sort(all, [](const State& a, const State& b) {
            return a.size_bits != b.size_bits ? a.size_bits < b.size_bits : a.loss < b.loss;
        });
        Layer kept;
        for (const auto& state : all)
            if (kept.empty() || state.loss < kept.back().loss) kept.push_back(state);
        return kept;
    }

    BitAssignment best() const {
        BitAssignment found;
        found.choice.resize(linears_.size());
        std::size_t at = layers_.back().size() - 1;  // losses fall with the size
        found.size_bits = layers_.back()[at].size_bits;
        for (std::size_t i = linears_.size(); i-- > 0;) {
            found.choice[i] = layers_[i][at].choice;
            at = layers_[i][at].parent;
        }
        found.loss = lossOf(linears_, found.choice);
        return found;
    }

    std::span<const LinearChoices> linears_;
    const Prepared& prepared_;
    const Greedy& greedy_;
    std::int64_t budget_bits_;
    double gap_ = 0.0;
    std::vector<std::int64_t> rest_;  // least size of the linears from here on
    std::vector<double> leasts_;      // least relaxed loss, by linear
    std::vector<Layer> layers_;
    std::size_t states_ = 0;
};

std::string megabytes(std::int64_t size_bits) {
    return std::to_string((size_bits + 7'999'999) / 8'000'000) + " MB";
}

}  // namespace

Result<BitAssignment> assignBits(std::span<const LinearChoices> linears, std::int64_t budget_bits,
                                 const JobContext& job) try {
    QS_ASSIGN(const auto prepared, prepare(linears));
    if (prepared.least.size_bits > budget_bits)
        return usageError("the budget is too small: with the fewest bits everywhere the linears take " +
                          megabytes(prepared.least.size_bits));
    const auto greedy = spend(linears, prepared, budget_bits);
    if (linears.empty() || greedy.price == 0.0) return greedy.assignment;  // everything fits
    return Search(linears, prepared, greedy, budget_bits).run(job);
} catch (const std::bad_alloc&) {
    return failure("not enough memory to assign bits; close other programs");
}

Result<std::vector<LossPoint>> lossCurve(std::span<const LinearChoices> linears) {
    QS_ASSIGN(const auto prepared, prepare(linears));
    std::vector<LossPoint> points{{prepared.least.size_bits, prepared.least.loss}};
    for (const auto& step : prepared.steps)
        points.push_back({points.back().size_bits + step.size_bits, points.back().loss + step.loss});
    return points;
}

}  // namespace quantoscope
