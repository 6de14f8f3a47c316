#include "kernels/silu_multiply/silu_multiply_loops.h"
