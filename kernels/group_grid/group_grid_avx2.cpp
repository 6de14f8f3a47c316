#include "kernels/group_grid/group_grid_loops.h"
