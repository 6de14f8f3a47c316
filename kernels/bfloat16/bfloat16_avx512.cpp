#include "kernels/bfloat16/bfloat16_loops.h"
