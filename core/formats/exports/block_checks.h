// What must hold of a quantized block before any format can carry it, and the group layout its linears share.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/result.h"
#include "core/formats/exports/export_model.h"

namespace quantoscope::exports {

/// Shapes follow the config, every tensor validates, and each scale that was folded into a linear is taken back by the
/// norm or linear before it: otherwise the files would hold another function than the run evaluated.
Status checkBlock(const ExportModel& model, const QuantizedBlock& block, std::int64_t index);

/// What formats with one setting for the whole model need to know.
struct GroupLayout {
    int bits = 0;  ///< the widest linear's
    bool mixed_bits = false;
    std::int64_t group_size = -1;  ///< -1: every row is one group
    bool act_order = false;        ///< some linear's groups are not consecutive columns
    bool symmetric = true;         ///< every zero point is 2^(bits-1)
    bool short_group = false;      ///< some last group is shorter than the others
    bool half_scales = true;       ///< every scale is a float16 value

    bool operator==(const GroupLayout&) const = default;
};
/// All seven linears quantized, with one group size; the error names the linear that differs.
Result<GroupLayout> groupLayout(const QuantizedBlock& block, std::int64_t index);

/// Groups that are not simply column / group_size.
bool isActOrder(const QuantizedTensor& tensor);
/// Group of every column.
std::vector<std::int32_t> groupOfColumns(const QuantizedTensor& tensor);

/// The zero points as codes, outputs x groups; refuses values that are no whole number in 0 .. `highest`.
Result<std::vector<std::uint8_t>> zeroPointCodes(const QuantizedTensor& tensor, int highest, const std::string& name);
/// Float16 scales, groups x outputs. A scale that float16 makes zero is exchanged for the smallest normal one where
/// every code of the group equals the zero point (the weights are zero either way), else refused as are infinities.
Result<std::vector<std::uint16_t>> halfScales(const QuantizedTensor& tensor, const std::string& name);

}  // namespace quantoscope::exports
