// scores RUN: every score of a run, with the study's value beside it where that applies.
#pragma once

#include "app/worker/cli/verb.h"

namespace quantoscope {

Verb scoresVerb();

}  // namespace quantoscope
