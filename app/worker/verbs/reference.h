#pragma once

#include "app/worker/cli/verb.h"

namespace quantoscope {

Verb referenceVerb();

}  // namespace quantoscope
