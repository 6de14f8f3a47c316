// The rows themselves (private to core/evaluation).
#pragma once

#include <vector>

#include "core/evaluation/benchmark.h"

namespace quantoscope {

void addPerplexityBenchmarks(std::vector<BenchmarkDescription>& rows);
void addChoiceBenchmarks(std::vector<BenchmarkDescription>& rows);

/// An option that several kinds have.
OptionDescription limitOption(const std::string& unit, const std::string& help);

}  // namespace quantoscope
