// compare: scores of a run's configurations against a baseline, with intervals and flips.
#pragma once

#include "app/worker/cli/verb.h"

namespace quantoscope {

Verb compareVerb();

}  // namespace quantoscope
