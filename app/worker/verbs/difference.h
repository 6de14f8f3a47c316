// difference MODEL CHECKPOINT: what became of a model's weights in another checkpoint of it.
#pragma once

#include "app/worker/cli/verb.h"

namespace quantoscope {

Verb differenceVerb();

}  // namespace quantoscope
