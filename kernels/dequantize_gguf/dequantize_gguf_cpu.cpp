#include "kernels/base/cpu_features.h"
#include "kernels/dequantize_gguf/dequantize_gguf.h"

namespace quantoscope::kernels {

void dequantizeGguf(GgufBlock type, const void* blocks, std::size_t block_count, float* values) {
    if (cpuLevel() >= CpuLevel::avx2)
        avx2::dequantizeGguf(type, blocks, block_count, values);
    else
        reference::dequantizeGguf(type, blocks, block_count, values);
}

}  // namespace quantoscope::kernels
