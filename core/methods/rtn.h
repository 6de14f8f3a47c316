// RTN: each group of weights is rounded to the uniform grid of its own range; no data needed.
#pragma once

#include "core/methods/method.h"

namespace quantoscope {

MethodDescription rtnMethod();

}  // namespace quantoscope
