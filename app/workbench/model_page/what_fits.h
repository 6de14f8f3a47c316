// How large a model is at each bit width, and whether this machine can hold it.
#pragma once

#include <cstdint>
#include <vector>

#include "app/workbench/parts/fact_list.h"
#include "core/model/model_config.h"

namespace quantoscope {

struct Machine {
    std::uint64_t memory_bytes = 0;
    std::uint64_t free_disk_bytes = 0;
};
/// `folder`: whose disk counts.
Machine thisMachine(const QString& folder);

/// Bytes of a checkpoint whose linears have `bits` bits with a float16 scale and a zero point per group; the rest
/// bfloat16. 16 bits: everything bfloat16.
std::uint64_t checkpointBytes(const ModelConfig& config, std::int64_t parameter_count, int bits, int group_size);

FactSection whatFits(const ModelConfig& config, std::int64_t parameter_count, const Machine& machine);

}  // namespace quantoscope
