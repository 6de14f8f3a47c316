#include "kernels/gptq_solve/gptq_solve_lanes.h"

namespace quantoscope::kernels::avx2 {

SweepFunctions sweepFunctions() {
    return {kTile, workspaceFloats, sweepTile};
}

}  // namespace quantoscope::kernels::avx2
