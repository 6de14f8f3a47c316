#include "app/workbench/workbench.h"

int main(int argc, char** argv) {
    return quantoscope::runWorkbench(argc, argv);
}
