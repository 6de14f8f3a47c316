#include "core/pipeline/work_estimate.h"

namespace quantoscope {
namespace {

double passFlops(const ModelConfig& config, double tokens, double length, bool with_last) {
    double weights = 0.0;
    for (const auto role : kLinearRoles)
        if (with_last || role != LinearRole::down_proj)
            weights += static_cast<double>(linearRows(config, role) * linearColumns(config, role));
    const double attention = 2.0 * length * static_cast<double>(config.head_count * config.head_dim);
    return tokens * (2.0 * weights + attention);
}

}  // namespace

double blockPassFlops(const ModelConfig& config, double tokens, double length) {
    return passFlops(config, tokens, length, true);
}

double inputPassFlops(const ModelConfig& config, double tokens, double length) {
    return passFlops(config, tokens, length, false);
}

BlockWork blockWork(const ModelConfig& config, double tokens) {
    BlockWork work;
    for (const auto site : kInputSites) {
        const auto columns = static_cast<double>(siteColumns(config, site));
        work.gram += tokens * columns * columns;
        work.factor += 2.0 / 3.0 * columns * columns * columns;
    }
    work.analysis = work.factor;
    for (const auto role : kLinearRoles) {
        const auto columns = static_cast<double>(linearColumns(config, role));
        const double product = static_cast<double>(linearRows(config, role)) * columns * columns;
        work.solve += product;
        work.analysis += 2.0 * product;
    }
    return work;
}

}  // namespace quantoscope
