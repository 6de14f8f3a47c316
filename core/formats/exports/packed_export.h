// What the packed formats (GPTQ, AWQ) share: one layout for the whole model, tensors per linear.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/formats/exports/block_checks.h"
#include "core/formats/exports/dense_tensors.h"
#include "core/formats/exports/export_model.h"
#include "core/formats/safetensors_writer.h"

namespace quantoscope::exports {

/// The format's own reasons against a block.
using LayoutCheck = std::function<Status(const QuantizedBlock&, const GroupLayout&, std::int64_t block)>;

struct PackedModel {
    std::shared_ptr<ExportModel> model;
    GroupLayout layout;  ///< of block 0; every later block must have the same
};
/// Does the format have one bit width for all linears?
enum class Widths { one, several };
/// Opens the source and reads block 0.
Result<PackedModel> openPacked(const ExportSource& source, Widths widths, const LayoutCheck& check);
/// Why linears with bits of their own do not fit the format; needs no block. `check_bits`: does it hold this width?
Status checkLayerBits(const ExportSource& source, Widths widths,
                      const std::function<Status(std::int64_t bits)>& check_bits);

/// "X.qweight" and its like: `bytes` is asked once, when the writer gets there.
TensorToWrite packedTensor(
    const std::shared_ptr<ExportModel>& model, std::int64_t block, LinearRole role, const std::string& suffix,
    DType dtype, std::vector<std::int64_t> shape,
    std::function<Result<std::vector<std::byte>>(const QuantizedTensor&, const std::string&)> bytes);

/// I32 tensors made of packed words, and float16 scales.
std::vector<std::byte> halfBytes(const std::vector<std::uint16_t>& halves);

/// "bits" of a run's options where they are known before any block is: 0 when not.
std::int64_t optionBits(const ExportSource& source);
/// Sentences every packed format adds to its report.
std::vector<std::string> layoutNotes(const GroupLayout& layout);

}  // namespace quantoscope::exports
