// Checkpoint formats, described like methods: the command line, the export dialog and the documentation list these
// rows.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/option.h"
#include "core/base/result.h"
#include "core/formats/model_files.h"
#include "core/methods/method.h"
#include "core/mixed_bits/layer_bits.h"

namespace quantoscope {

/// What an exporter is given: the model, and the quantized blocks one at a time.
struct ExportSource {
    std::shared_ptr<const ModelFiles> model;
    WeightDType weight_dtype = WeightDType::bfloat16;
    OptionValues method_options;  ///< bits, group_size, desc_act, sym, ... as they ran
    std::string method_id;
    std::function<Result<QuantizedBlock>(std::int64_t block)> block;
    LayerBits layer_bits = {};  ///< linears whose bits are not method_options'
};

struct ExportReport {
    std::filesystem::path folder;
    std::uint64_t bytes = 0;
    std::vector<std::string> notes;  ///< "written as gptq_v2: the result is asymmetric"
};

struct FormatDescription {
    std::string id;  ///< "gptq", "awq", "fake-quant"
    std::string label;
    std::string summary;  ///< which programs load it
    std::vector<OptionDescription> options;
    /// Why this result cannot be written exactly in this format, or success. Cheap: looks at options and one block;
    /// at the options alone where model and block are missing (before a run).
    std::function<Status(const ExportSource&)> check;
    /// Writes the whole checkpoint beside `folder` under a temporary name, reads it back with an independent reader,
    /// compares tensor by tensor, and only then renames. Refuses a folder that exists and is not empty.
    std::function<Result<ExportReport>(const ExportSource&, const std::filesystem::path& folder, const OptionValues&,
                                       JobContext&)>
        write;
};

const std::vector<FormatDescription>& exportFormats();
Result<const FormatDescription*> findExportFormat(std::string_view id);

}  // namespace quantoscope
