#include "app/worker/cli/command_line.h"

int main(int argc, char** argv) {
    return quantoscope::runCommandLine(argc, argv);
}
