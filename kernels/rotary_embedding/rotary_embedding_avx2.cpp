#include "kernels/rotary_embedding/rotary_embedding_loops.h"
