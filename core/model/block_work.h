// How much arithmetic a pass through a block is, for rates and estimates (private to core/model).
#pragma once

#include <cstdint>
#include <optional>

#include "core/model/model_config.h"

namespace quantoscope {

/// Floating point operations of sequences: the products of the linears that the pass reaches, and causal attention.
/// `last_site`: how far it goes; nothing: through the whole block.
inline double blockOperations(const ModelConfig& config, std::int64_t sequences, std::int64_t length,
                              std::optional<InputSite> last_site) {
    const auto reaches = [&](InputSite site) { return !last_site || site < *last_site; };
    double weights = 0.0;
    for (const auto role : kLinearRoles)
        if (reaches(inputSite(role)))
            weights += static_cast<double>(linearRows(config, role) * linearColumns(config, role));
    const double attention = reaches(kInputSites.front()) ? 2.0 * static_cast<double>(length) *
                                                                static_cast<double>(config.head_count * config.head_dim)
                                                          : 0.0;
    return static_cast<double>(sequences * length) * (2.0 * weights + attention);
}

}  // namespace quantoscope
