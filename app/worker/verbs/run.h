#pragma once

#include "app/worker/cli/verb.h"

namespace quantoscope {

Verb runVerb();

}  // namespace quantoscope
