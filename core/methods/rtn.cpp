#include "core/methods/rtn.h"

#include "core/base/option_rows.h"
#include "core/methods/grid_options.h"

namespace quantoscope {
namespace {

OptionDescription variantOption() {
    return choiceOptionRow(
        "variant", "Variant", "G", {"G", "A"},
        "G: zero is always inside a group's range (as in GPTQ's code). A: the bare minimum and maximum (as in "
        "AWQ's code).");
}

Result<QuantizedBlock> quantizeBlock(BlockContext& block, const OptionValues& options, JobContext& job) {
    const auto range =
        textOption(options, "variant") == "A" ? kernels::GridRange::as_is : kernels::GridRange::with_zero;
    const auto grid = gridOptions(options, range);
    if (grid.search_range && range == kernels::GridRange::as_is)
        return usageError("option 'mse' works with variant G only");
    QuantizedBlock result;
    for (std::size_t i = 0; i < kLinearRoles.size(); ++i) {
        const auto role = kLinearRoles[i];
        job.report(stageText("Rounding", block.blockIndex(), role), static_cast<double>(i) / kLinearRoles.size());
        QS_TRY(job.checkStop());
        const auto name = linearPath(block.blockIndex(), role);
        const auto own = linearGrid(block, role, grid);
        if (!own) continue;
        QS_ASSIGN(const auto weight, block.weight(role));
        QS_TRY(checkWeight(weight, name));
        QS_ASSIGN(result.linears[i],
                  roundToNearest(weight, *own, groupColumns(options, weight.columns), name, job, block.gpu()));
    }
    return result;
}

}  // namespace

MethodDescription rtnMethod() {
    MethodDescription method;
    method.id = "rtn";
    method.label = "RTN";
    method.summary = "Rounds each weight to the nearest point of its group's grid; needs no data.";
    method.source =
        "Baseline of arXiv 2404.14047 (Eq. 1); as in IST-DASLab/gptq quant.py and mit-han-lab/llm-awq quantizer.py";
    method.options = {
        bitsOption(),
        groupSizeOption(),
        symmetricOption("Zero point fixed in the middle of the codes; the range is mirrored around zero."),
        scaleDtypeOption(),
        variantOption(),
        searchRangeOption()};
    method.propagation = Propagation::none;
    method.hue = "#6c7a89";
    method.quantize_block = quantizeBlock;
    return method;
}

}  // namespace quantoscope
