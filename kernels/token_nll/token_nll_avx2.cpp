#include "kernels/token_nll/token_nll_loops.h"
