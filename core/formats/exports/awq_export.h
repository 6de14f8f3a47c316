// The AWQ GEMM checkpoint format: AutoAWQ, transformers, vLLM, GPTQModel. reference: formats/export-awq.md.
#pragma once

#include "core/formats/exporter.h"

namespace quantoscope::exports {

FormatDescription awqFormat();

}  // namespace quantoscope::exports
