#include "kernels/exponential/exponential_loops.h"
