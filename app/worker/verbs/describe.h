// The self-descriptions: methods, benchmarks, formats and metrics as JSON and as text.
#pragma once

#include "app/worker/cli/verb.h"

namespace quantoscope {

Verb methodsVerb();
Verb benchmarksVerb();
Verb formatsVerb();
Verb metricsVerb();

}  // namespace quantoscope
