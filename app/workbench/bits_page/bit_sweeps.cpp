#include "app/workbench/bits_page/bit_sweeps.h"

#include <QRegularExpression>
#include <algorithm>

namespace quantoscope {
namespace {

OptionValues withoutBits(OptionValues options) {
    options.erase("bits");
    return options;
}

// A run's label without its width: "GPTQ w4 g64" and "GPTQ w3 g64" are of "GPTQ g64".
QString sweepLabel(const ConfigurationInfo& info) {
    static const QRegularExpression width(QStringLiteral(" w\\d+"));
    return runLabel(info).remove(width);
}

}  // namespace

std::vector<BitSweep> bitSweeps(const RunFolderEntry& folder) {
    constexpr int kLeastMeasured = 3;  // below, single linears already leave the range where losses add up
    std::vector<BitSweep> sweeps;
    std::vector<const RunEntry*> best;
    for (const auto& run : folder.runs) {
        if (run.isOriginal() || !run.isFinished() || !run.info.layer_bits.empty()) continue;
        const auto same = std::ranges::find_if(best, [&](const RunEntry* other) {
            return other->info.method == run.info.method &&
                   withoutBits(other->info.options) == withoutBits(run.info.options);
        });
        const auto place = static_cast<std::size_t>(same - best.begin());
        if (same == best.end()) {
            best.push_back(&run);
            sweeps.push_back({sweepLabel(run.info), {}, {}});
        }
        sweeps[place].members.append(run.key.configuration);
        const int bits = runBits(run.info);
        const int other = runBits(best[place]->info);
        const bool better = other < kLeastMeasured ? bits > other : bits >= kLeastMeasured && bits < other;
        if (better) best[place] = &run;
        sweeps[place].measured_best = best[place]->key.configuration;
    }
    std::erase_if(sweeps, [](const BitSweep& sweep) { return sweep.members.size() < 2; });
    return sweeps;
}

}  // namespace quantoscope
