// What is said beside a dense export about how its values came to be: fake_quant_report.json and README.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/formats/exports/export_model.h"
#include "core/formats/exports/folder/side_files.h"

namespace quantoscope::exports {

/// A quantized linear as it was written.
struct FakeQuantRecord {
    std::string name;
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    int bits = 0;
    double bits_per_weight = 0.0;
    bool act_order = false;
    double relative_error_before = 0.0;  ///< |W^ - W| / |W| of the float32 values, folded coordinates
    double relative_error_after = 0.0;   ///< the same once rounded to the stored type
    std::string sha256;                  ///< of the stored bytes
};

struct FakeQuantSummary {
    std::string dtype;  ///< "float16"
    std::vector<FakeQuantRecord> linears;
    std::vector<std::string> transforms;  ///< "scales folded into model.layers.0.input_layernorm.weight"
};

/// Average over the quantized linears, scales and zero points included.
double nominalBits(const FakeQuantSummary& summary);
std::string fakeQuantReport(const ExportModel& model, const FakeQuantSummary& summary);
std::string fakeQuantReadme(const ExportModel& model, const FakeQuantSummary& summary);

}  // namespace quantoscope::exports
