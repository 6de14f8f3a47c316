// Small helpers of the verbs: option rows as JSON, tables for people.
#pragma once

#include <string>
#include <vector>

#include "app/worker/cli/verb.h"
#include "core/base/option.h"
#include "core/run_store/run_folder.h"

namespace quantoscope {

Json optionJson(const OptionDescription& option);
Json configurationRow(const ConfigurationInfo& info);
Json scoreJson(const Score& score);
/// The same without what belongs to single windows or questions.
Json scoreRow(const Score& score);
/// Of either: "3.0949" or "64.25 ± 1.12 %" (an accuracy, with its standard error).
std::string scoreText(const Json& score);
/// "1.2 GB", "340 kB"
std::string bytesText(double bytes);
std::string numberText(double value, int digits);
/// Columns padded to the widest cell.
std::string tableText(const std::vector<std::vector<std::string>>& rows);

}  // namespace quantoscope
