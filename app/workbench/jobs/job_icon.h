// The mark beside a job's state: two bars for paused, a triangle for running.
#pragma once

#include <QIcon>

#include "app/workbench/jobs/job.h"
#include "widgets/theme/tokens.h"

namespace quantoscope {

/// Empty for states that words say well enough.
QIcon jobIcon(JobState state, const Tokens& tokens);

}  // namespace quantoscope
