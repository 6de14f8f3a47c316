#include <unistd.h>

#include <cstdlib>

#include "app/worker/cli/command_line.h"

namespace {

/// Threads that wait for others spin for milliseconds by default, which on a machine with other work to do makes small
/// models several times slower; not to spin at all makes AWQ on the demo model three times slower. So they spin for
/// microseconds. The OpenMP library reads its settings before main, so the program starts anew.
void spinBriefly(char** argv) {
    if (std::getenv("OMP_WAIT_POLICY") != nullptr || std::getenv("GOMP_SPINCOUNT") != nullptr) return;
    setenv("GOMP_SPINCOUNT", "5000", 1);
    execv("/proc/self/exe", argv);  // returns only where that cannot be done; then all goes on as it is
}

}  // namespace

int main(int argc, char** argv) {
    spinBriefly(argv);
    return quantoscope::runCommandLine(argc, argv);
}
