#pragma once

#include "app/worker/cli/verb.h"

namespace quantoscope {

Verb sensitivityVerb();

}  // namespace quantoscope
