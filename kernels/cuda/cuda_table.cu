#include "kernels/cuda/launchers.cuh"

namespace quantoscope::kernels {
namespace {

constexpr CudaInterface kTable = {
    .version = kCudaInterfaceVersion,
    .versions = cuda::versions,
    .deviceCount = cuda::deviceCount,
    .describeDevice = cuda::describeDevice,
    .createContext = cuda::createContext,
    .destroyContext = cuda::destroyContext,
    .allocate = cuda::allocate,
    .release = cuda::release,
    .allocatePinned = cuda::allocatePinned,
    .releasePinned = cuda::releasePinned,
    .pinHost = cuda::pinHost,
    .unpinHost = cuda::unpinHost,
    .copyToDevice = cuda::copyToDevice,
    .copyToHost = cuda::copyToHost,
    .fillWithZero = cuda::fillWithZero,
    .synchronize = cuda::synchronize,
    .measureRoofline = cuda::measureRoofline,
    .gramAddFloat32 = cuda::gramAddFloat32,
    .gramAddBfloat16 = cuda::gramAddBfloat16,
    .gramMirror = cuda::gramMirror,
    .channelStatistics = cuda::channelStatistics,
    .floatToBfloat16 = cuda::floatToBfloat16,
    .dampedMoments = cuda::dampedMoments,
    .inverseFactor = cuda::inverseFactor,
    .inverseFactorFloat64 = cuda::inverseFactorFloat64,
    .findGrids = cuda::findGrids,
    .encodeGroups = cuda::encodeGroups,
    .roundToGrids = cuda::roundToGrids,
    .scaledRoundingError = cuda::scaledRoundingError,
    .findClipLimits = cuda::findClipLimits,
    .clampToLimits = cuda::clampToLimits,
    .weightedError = cuda::weightedError,
    .gptqSolve = cuda::gptqSolve,
    .matmulBfloat16 = cuda::matmulBfloat16,
    .rmsNormFloat32 = cuda::rmsNormFloat32,
    .rmsNormBfloat16 = cuda::rmsNormBfloat16,
    .rotaryEmbeddingFloat32 = cuda::rotaryEmbeddingFloat32,
    .rotaryEmbeddingBfloat16 = cuda::rotaryEmbeddingBfloat16,
    .siluMultiplyFloat32 = cuda::siluMultiplyFloat32,
    .siluMultiplyBfloat16 = cuda::siluMultiplyBfloat16,
    .attentionFloat32 = cuda::attentionFloat32,
    .attentionBfloat16 = cuda::attentionBfloat16,
    .updateSoftmax = cuda::updateSoftmax,
};

}  // namespace
}  // namespace quantoscope::kernels

extern "C" __attribute__((visibility("default"))) const quantoscope::kernels::CudaInterface* quantoscopeCudaInterface(
    std::uint32_t version) {
    return version == quantoscope::kernels::kCudaInterfaceVersion ? &quantoscope::kernels::kTable : nullptr;
}
