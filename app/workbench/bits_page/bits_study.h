// What the Bits page knows: the sensitivities of a sweep, the size wanted, what was decided by hand, and the bits that
// follow. Read and solved away from the GUI thread.
#pragma once

#include <QObject>
#include <array>
#include <map>
#include <memory>
#include <optional>

#include "app/workbench/bits_page/bit_sweeps.h"
#include "app/workbench/session/background.h"
#include "core/mixed_bits/sensitivity.h"
#include "core/pipeline/recipe.h"
#include "widgets/bits_map/bits_map.h"

namespace quantoscope {

/// What a person decided for a sweep.
struct BitsDecisions {
    double wanted = 0.0;                                             ///< bits per weight; 0: nothing yet
    std::vector<std::array<std::int64_t, HeatmapData::kRows>> pins;  ///< by block; BitsCell::kUnknown: none

    /// With the bits of these linears decided; nothing: left to the solver.
    BitsDecisions withPins(const QList<HeatmapCell>& cells, std::optional<std::int64_t> bits) const;
    BitsDecisions withoutPins() const;
    bool hasPins() const;
    friend bool operator==(const BitsDecisions&, const BitsDecisions&) = default;
};

class BitsStudy : public QObject {
    Q_OBJECT

public:
    enum class State { nothing, reading, unmeasured, ready, failed };

    explicit BitsStudy(QObject* parent = nullptr) : QObject(parent) {}

    /// Reads a sweep of a run folder; the mixed runs of `others` (run folders of the same model) are set beside it.
    void open(const QString& folder, const BitSweep& sweep, const QStringList& others);
    void close();
    const QString& folder() const { return folder_; }
    const BitSweep& sweep() const { return sweep_; }

    State state() const { return state_; }
    /// Why there is nothing, when `unmeasured` or `failed`.
    const Error& problem() const { return problem_; }

    const Sensitivity* sensitivity() const { return read_ ? &read_->sensitivity : nullptr; }
    const Recipe* recipe() const { return read_ ? &read_->recipe : nullptr; }
    const std::vector<LossPoint>& curve() const { return curve_; }
    const std::optional<AssignedBits>& assigned() const { return assigned_; }
    /// Smallest and largest size there is, with the pins kept; bits per weight.
    ValueRange sizes() const;
    double wantedBitsPerWeight() const { return decided_.wanted; }
    double bitsPerWeight() const;
    std::optional<double> expectedPerplexity() const;
    const BitsMapData& map() const { return map_; }
    bool hasPins() const { return decided_.hasPins(); }
    /// What a linear loses at each of its widths.
    const LinearSensitivity* linear(HeatmapCell cell) const;

    /// Names the sweep on view, for decide().
    QString key() const;
    const BitsDecisions& decisions() const { return decided_; }
    /// Of any sweep; kept while the window is open, for when it is on view again.
    void decide(const QString& key, const BitsDecisions& decisions);

signals:
    void changed();  ///< another sweep, or another state of it
    void assignedChanged();

private:
    struct Read {
        Sensitivity sensitivity;
        Recipe recipe;
    };
    struct Solved {
        std::vector<LossPoint> curve;
        AssignedBits assigned;
    };
    static Result<Read> read(const QString& folder, const BitSweep& sweep, const QStringList& others,
                             const std::stop_token& stop);
    static Result<Solved> solve(const Sensitivity& sensitivity, double wanted, const LayerBits& pins,
                                const std::stop_token& stop);
    void forget();
    void take(Result<Read> read);
    void forgetPinsWithoutWidth();
    void solveSoon();
    void takeSolved(Result<Solved> solved);
    LayerBits pinRules() const;

    QString folder_;
    BitSweep sweep_;
    State state_ = State::nothing;
    Error problem_;
    std::shared_ptr<const Read> read_;
    BitsDecisions decided_;
    std::map<QString, BitsDecisions> kept_;  // by key(), of sweeps that were on view
    std::vector<LossPoint> curve_;
    std::optional<AssignedBits> assigned_;
    BitsMapData map_;
    LatestTask reading_{this};
    LatestTask solving_{this};
};

}  // namespace quantoscope
