// ConfigurationInfo <-> configuration.json.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/run_store/run_folder.h"

namespace quantoscope {

std::string configurationJson(const ConfigurationInfo& info);
/// `path` is what errors name.
Result<ConfigurationInfo> parseConfiguration(const std::string& text, const std::string& path);
/// A configuration id is a folder name: letters, digits, '.', '_', '-', not starting with '.', at most 200 characters.
Status checkConfigurationId(const std::string& id);

}  // namespace quantoscope
