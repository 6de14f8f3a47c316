// The small files beside the tensors: config.json with its edits, tokenizer, chat template, generation settings.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/formats/exports/export_model.h"
#include "core/formats/exports/folder/export_folder.h"

namespace quantoscope::exports {

using OrderedJson = nlohmann::ordered_json;

/// The source's config.json without any quantization key, storing `dtype` ("float16") under the key the source used.
Result<OrderedJson> configWithDType(const ExportModel& model, const std::string& dtype);
/// Adds the spelling of rotary settings that readers before transformers 5 know, where only the new one is there.
void addOldRopeSpelling(OrderedJson& config);

/// Pretty-printed, with a final newline.
std::string jsonText(const OrderedJson& value);

/// Tokenizer, chat template, generation_config.json, processor and licence files: copied byte for byte from a folder,
/// made from the metadata of a GGUF file. Answers notes about what the source lacks.
Result<std::vector<std::string>> writeSideFiles(const ExportModel& model, const ExportFolder& folder);

}  // namespace quantoscope::exports
