#include "kernels/matmul/panel_product_loops.h"
