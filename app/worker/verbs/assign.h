#pragma once

#include "app/worker/cli/verb.h"

namespace quantoscope {

Verb assignVerb();

}  // namespace quantoscope
