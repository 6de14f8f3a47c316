#pragma once

#include "app/worker/cli/verb.h"

namespace quantoscope {

Verb generateVerb();

}  // namespace quantoscope
