#include "core/mixed_bits/divergence_file.h"

#include <algorithm>
#include <cmath>

#include "core/base/atomic_file.h"
#include "core/base/json.h"

namespace quantoscope {
namespace {

constexpr std::int64_t kFormatVersion = 1;
constexpr std::uint64_t kLargestFile_bytes = std::uint64_t{16} << 20;
constexpr std::int64_t kMostBlocks = 100'000;

std::unexpected<Error> damaged(const std::filesystem::path& path, const std::string& what) {
    return failure("the measured sensitivity is damaged: " + what + "; measure it again", path.string());
}

}  // namespace

std::filesystem::path divergencePath(const std::filesystem::path& run_folder, const std::string& configuration) {
    return run_folder / "configurations" / configuration / "sensitivity.json";
}

Status writeDivergences(const std::filesystem::path& path, const LinearDivergences& measured) {
    nlohmann::json content{{"format_version", kFormatVersion},
                           {"samples", measured.samples},
                           {"sequence_length", measured.sequence_length},
                           {"linears", nlohmann::json::array()}};
    for (const auto& [place, divergence] : measured.divergence)
        content["linears"].push_back(
            {{"block", place.first}, {"linear", std::string(linearName(place.second))}, {"divergence", divergence}});
    return writeTextAtomically(path, jsonText(content, 1) + "\n");
}

Result<std::optional<LinearDivergences>> readDivergences(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return std::nullopt;
    QS_ASSIGN(const auto text, readTextFile(path, kLargestFile_bytes));
    QS_ASSIGN(const nlohmann::json content, parseJson(text, "'" + path.string() + "'"));
    if (!content.is_object()) return damaged(path, "it is not a JSON object");
    if (integerMember(content, "format_version", 1) > kFormatVersion)
        return failure("the sensitivity was measured by a newer Quantoscope: update this one", path.string());
    LinearDivergences measured;
    measured.samples = integerMember(content, "samples");
    measured.sequence_length = integerMember(content, "sequence_length");
    const auto linears = content.find("linears");
    if (linears == content.end() || !linears->is_array()) return damaged(path, "the list of linears is missing");
    for (const auto& linear : *linears) {
        if (!linear.is_object()) return damaged(path, "a linear is not an object");
        const auto block = integerMember(linear, "block", -1);
        const auto name = stringMember(linear, "linear");
        const auto role = std::ranges::find(kLinearRoles, name, linearName);
        const double divergence = numberMember(linear, "divergence", -1.0);
        if (block < 0 || block > kMostBlocks || role == kLinearRoles.end() || !std::isfinite(divergence) ||
            divergence < 0.0)
            return damaged(path, "a linear's name or number does not fit");
        measured.divergence[{block, *role}] = divergence;
    }
    return measured;
}

}  // namespace quantoscope
