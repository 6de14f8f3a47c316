#include "kernels/gram/gram_loops.h"
