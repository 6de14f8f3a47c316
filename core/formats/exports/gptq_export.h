// The GPTQ checkpoint format: GPTQModel, AutoGPTQ, transformers, vLLM. reference: formats/export-gptq.md.
#pragma once

#include "core/formats/exporter.h"

namespace quantoscope::exports {

FormatDescription gptqFormat();

}  // namespace quantoscope::exports
