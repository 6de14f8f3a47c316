// Which finished runs of a folder belong together: one method with the same options at several widths.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/run_store/run_folder.h"

namespace quantoscope {

/// Of a linear that is left as it is.
inline constexpr std::int64_t kUnquantizedBits = 16;

struct Member {
    ConfigurationInfo info;
    std::vector<Score> scores;
};

/// Finished quantized runs of the folder; the original's scores beside them.
struct Finished {
    std::vector<Member> members;
    std::vector<Score> original;
};

Result<Finished> finishedRuns(const RunFolder& run);

/// 0 where none were asked for.
std::int64_t bitsOf(const ConfigurationInfo& info);
OptionValues withoutBits(OptionValues options);
bool sameFamily(const ConfigurationInfo& a, const ConfigurationInfo& b);
/// The family of `wanted`; empty: the only one that was finished at two widths. Errors say what there is.
Result<const ConfigurationInfo*> chooseFamily(const std::vector<Member>& members, const std::string& wanted,
                                              const std::string& folder);

}  // namespace quantoscope
