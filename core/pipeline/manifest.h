// What a run was made from, kept beside its results and compared before anything is added to them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/device/compute_device.h"
#include "core/formats/model_files.h"
#include "core/pipeline/recipe.h"

namespace quantoscope {

/// Name and value pairs in words a person understands; `binding` ones must agree for a run to go on.
struct Manifest {
    std::map<std::string, std::string> binding;   ///< model fingerprint, weight_dtype, precision, calibration ...
    std::map<std::string, std::string> recorded;  ///< version, instruction set, threads, created, paths
};

/// `calibration_hash`: SHA-256 of the calibration ids, "none" without data.
Manifest makeManifest(const Recipe& recipe, const ModelFiles& model, const std::string& calibration_hash);
std::string manifestJson(const Manifest& manifest);
Result<Manifest> parseManifest(const std::string& json_text);
/// Success when a run made with `earlier` can go on as `now`; else a sentence that names what differs.
Status compareManifests(const Manifest& earlier, const Manifest& now);
/// Where the run computes, by the names of --device; runs from before there was a choice computed on the CPU.
std::string deviceOf(const Manifest& manifest);
inline constexpr const char* kDeviceKey = "device";  ///< in `binding`
/// The part of a block's provenance that all blocks of a run share.
std::string provenanceText(const Manifest& manifest);

}  // namespace quantoscope
