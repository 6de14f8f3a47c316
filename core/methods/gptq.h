// GPTQ: columns are rounded one after another and each error is pushed into the columns still to come, weighed by the
// inverse of the second moments of the layer's input.
#pragma once

#include "core/methods/method.h"

namespace quantoscope {

MethodDescription gptqMethod();

}  // namespace quantoscope
