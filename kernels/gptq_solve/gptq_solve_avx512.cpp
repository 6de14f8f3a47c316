#include "kernels/gptq_solve/gptq_solve_loops.h"
