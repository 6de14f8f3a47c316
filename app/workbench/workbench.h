// Starts the workbench.
#pragma once

namespace quantoscope {

int runWorkbench(int argument_count, char** arguments);

}  // namespace quantoscope
