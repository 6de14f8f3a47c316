#include "app/worker/cli/command_line.h"

namespace quantoscope {

int runCommandLine(int, char**) { return 2; }

}  // namespace quantoscope
