// What the kernel tests share: every CPU level the machine has, numbers that are the same each time.
#pragma once

#include <QTest>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "kernels/base/cpu_features.h"
#include "kernels/convert_float/convert_float.h"

namespace quantoscope::test {

/// A data column "level" with a row per level of this machine.
inline void addLevelRows() {
    QTest::addColumn<int>("level");
    for (int level = 0; level <= static_cast<int>(kernels::detectedCpuLevel()); ++level)
        QTest::newRow(kernels::cpuLevelName(static_cast<kernels::CpuLevel>(level))) << level;
}

/// Lowers the level while it lives.
class LevelGuard {
public:
    explicit LevelGuard(int level) { kernels::setCpuLevel(static_cast<kernels::CpuLevel>(level)); }
    ~LevelGuard() { kernels::setCpuLevel(kernels::detectedCpuLevel()); }
    LevelGuard(const LevelGuard&) = delete;
    LevelGuard& operator=(const LevelGuard&) = delete;
};

inline std::vector<float> randomValues(std::int64_t count, unsigned seed, float scale = 1.0F) {
    std::mt19937 engine(seed);
    std::normal_distribution<float> normal(0.0F, scale);
    std::vector<float> values(static_cast<std::size_t>(count));
    for (auto& value : values) value = normal(engine);
    return values;
}

inline std::vector<std::uint16_t> bfloat16Bits(const std::vector<float>& values) {
    std::vector<std::uint16_t> bits(values.size());
    kernels::floatToBfloat16(values.data(), bits.data(), values.size());
    return bits;
}

/// Largest |a - b| - relative * |b|; NaN counts as infinite.
inline double worstDifference(const std::vector<float>& a, const std::vector<float>& b, double relative = 0.0) {
    double worst = a.size() == b.size() ? 0.0 : INFINITY;
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
        const double difference =
            std::abs(static_cast<double>(a[i]) - b[i]) - relative * std::abs(static_cast<double>(b[i]));
        worst = difference <= worst ? worst : (std::isnan(difference) ? INFINITY : difference);
    }
    return worst;
}

}  // namespace quantoscope::test
