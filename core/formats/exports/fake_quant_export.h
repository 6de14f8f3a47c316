// A dense Hugging Face checkpoint that holds the dequantized weights. reference: formats/export-fake-quant.md.
#pragma once

#include "core/formats/exporter.h"

namespace quantoscope::exports {

FormatDescription fakeQuantFormat();

}  // namespace quantoscope::exports
