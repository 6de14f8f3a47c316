#include "kernels/gram/gram_lanes.h"

namespace quantoscope::kernels::avx512 {

GramFunctions gramFunctions(bool bfloat16_input) {
    return float32Functions(bfloat16_input);
}

}  // namespace quantoscope::kernels::avx512
