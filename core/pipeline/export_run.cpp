#include "core/pipeline/export_run.h"

namespace quantoscope {

Result<ExportSource> exportSource(const Target& target) {
    if (!target.configuration.checkpoint.empty())
        return failure(
            target.configuration.id + " is a checkpoint already; export a configuration that was quantized here",
            target.configuration.checkpoint);
    ExportSource source;
    QS_ASSIGN(source.layer_bits, parseLayerBits(target.configuration.layer_bits));
    source.model = target.model;
    source.weight_dtype = target.recipe.weight_dtype;
    source.method_options = target.configuration.options;
    source.method_id = target.configuration.method;
    source.block = [run = target.run, id = target.configuration.id](std::int64_t block) {
        return run->codes(id, block);
    };
    return source;
}

Result<ExportReport> exportTarget(const Target& target, const FormatDescription& format,
                                  const std::filesystem::path& folder, const OptionValues& options, JobContext& job) {
    QS_ASSIGN(const auto complete, completeOptions(format.options, options));
    QS_ASSIGN(const auto source, exportSource(target));
    QS_TRY(format.check(source));
    return format.write(source, folder, complete, job);
}

}  // namespace quantoscope
