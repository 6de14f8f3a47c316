#include "kernels/weighted_error/weighted_error_loops.h"
