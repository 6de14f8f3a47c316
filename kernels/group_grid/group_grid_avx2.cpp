#include "kernels/group_grid/group_grid_lanes.h"

namespace quantoscope::kernels::avx2 {

GroupFunctions groupFunctions() {
    return {groupRange, groupEncode, groupRound};
}

}  // namespace quantoscope::kernels::avx2
