#pragma once

#include "app/worker/cli/verb.h"

namespace quantoscope {

Verb exportVerb();

}  // namespace quantoscope
