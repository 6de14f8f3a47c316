#pragma once

#include "app/worker/cli/verb.h"

namespace quantoscope {

Verb cachedVerb();

}  // namespace quantoscope
