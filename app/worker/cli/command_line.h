// The command line of the worker: verbs and how they are dispatched.
#pragma once

namespace quantoscope {

/// Runs one verb; returns the exit status (0 done, 1 failed, 2 wrong usage, 3 cancelled).
int runCommandLine(int argument_count, char** arguments);

}  // namespace quantoscope
