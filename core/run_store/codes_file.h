// QuantizedBlock <-> codes/NNN.safetensors. Per linear "<path>.codes" (U8, rows x packed row bytes), ".scales" (F32, or
// F16 when scale_bits is 16 and nothing is lost), ".zero_points" (U8, or F32 when one is not a byte), and where used
// ".group_index" (I32), ".input_scale", ".output_scale" (F32); replaced vectors under their own names. The metadata
// entry "quantoscope" is JSON: format version, block, provenance, notes, and per linear bits, group_size, symmetric,
// ...
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/base/result.h"
#include "core/methods/method.h"

namespace quantoscope {

inline constexpr std::int64_t kCodesFormatVersion = 1;

Status writeCodesFile(const std::filesystem::path& path, std::int64_t block, const QuantizedBlock& quantized,
                      const std::string& provenance);
/// Everything is checked (shapes, ranges, version, block) before it is believed.
Result<QuantizedBlock> readCodesFile(const std::filesystem::path& path, std::int64_t block);
Result<std::string> readCodesProvenance(const std::filesystem::path& path, std::int64_t block);
/// Bytes of the file to come, without its header.
std::uint64_t codesBytes(const QuantizedBlock& quantized);

}  // namespace quantoscope
