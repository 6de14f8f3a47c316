// AWQ: input channels that matter are scaled up before rounding, the scale divided out of what produces them, and each
// group's range is shrunk; both are chosen by what they do to the outputs on calibration data.
#pragma once

#include "core/methods/method.h"

namespace quantoscope {

MethodDescription awqMethod();

}  // namespace quantoscope
