#include "kernels/attention/attention_loops.h"
