#include "kernels/convert_float/convert_float_loops.h"
