// Every function of the module's table; what they do is said in cuda_interface.h.
#pragma once

#include "kernels/cuda/cuda_interface.h"

namespace quantoscope::kernels::cuda {

CudaStatus versions(CudaVersions* versions);
CudaStatus deviceCount(int* count);
CudaStatus describeDevice(int index, CudaDevice* device);

CudaStatus createContext(int device, CudaContext** context);
void destroyContext(CudaContext* context);
CudaStatus allocate(CudaContext* context, std::uint64_t bytes, void** memory);
CudaStatus release(CudaContext* context, void* memory);
CudaStatus allocatePinned(CudaContext* context, std::uint64_t bytes, void** host_memory);
CudaStatus releasePinned(CudaContext* context, void* host_memory);
CudaStatus pinHost(CudaContext* context, void* host_memory, std::uint64_t bytes);
CudaStatus unpinHost(CudaContext* context, void* host_memory);
CudaStatus copyToDevice(CudaContext* context, void* to, const void* from, std::uint64_t bytes);
CudaStatus copyToHost(CudaContext* context, void* to, const void* from, std::uint64_t bytes);
CudaStatus fillWithZero(CudaContext* context, void* memory, std::uint64_t bytes);
CudaStatus synchronize(CudaContext* context);

CudaStatus measureRoofline(CudaContext* context, int repetitions, CudaRoofline* roofline);

CudaStatus gramAddFloat32(CudaContext* context, const float* x, std::int64_t rows, std::int64_t columns, float* gram);
CudaStatus gramAddBfloat16(CudaContext* context, const std::uint16_t* x, std::int64_t rows, std::int64_t columns,
                           float* gram);
CudaStatus gramMirror(CudaContext* context, float* gram, std::int64_t columns);

CudaStatus channelStatistics(CudaContext* context, const std::uint16_t* x, std::int64_t rows, std::int64_t columns,
                             double* absolute_sums, float* maxima);
CudaStatus floatToBfloat16(CudaContext* context, const float* values, std::int64_t count, std::uint16_t* bits);
CudaStatus dampedMoments(CudaContext* context, const float* gram, std::int64_t n, float scale, const float* diagonal,
                         float added, const std::int32_t* order, float* matrix);

CudaStatus inverseFactor(CudaContext* context, float* matrix, std::int64_t n, std::int32_t* refused);
CudaStatus inverseFactorFloat64(CudaContext* context, float* matrix, std::int64_t n, double* wide,
                                std::int32_t* refused);

CudaStatus findGrids(CudaContext* context, const float* weights, const GroupedMatrix* shape, const GridOptions* options,
                     float* scales, float* zero_points);
CudaStatus encodeGroups(CudaContext* context, const float* weights, const GroupedMatrix* shape, const float* scales,
                        const float* zero_points, int bits, std::uint8_t* codes);
CudaStatus roundToGrids(CudaContext* context, const float* weights, const GroupedMatrix* shape,
                        const GridOptions* options, float* values);
CudaStatus scaledRoundingError(CudaContext* context, const float* weights, const GroupedMatrix* shape,
                               const GridOptions* options, const float* input_scale, float* error);

CudaStatus findClipLimits(CudaContext* context, const float* weights, const GroupedMatrix* shape,
                          const GridOptions* grid, const ClipGrid* clip, const float* grams, float* limits);
CudaStatus clampToLimits(CudaContext* context, float* weights, const GroupedMatrix* shape, const float* limits);

CudaStatus weightedError(CudaContext* context, const float* error, std::int64_t rows, std::int64_t columns,
                         const float* gram, double* energy);

CudaStatus gptqSolve(CudaContext* context, const GptqProblem* problem, float* values);

CudaStatus matmulBfloat16(CudaContext* context, const std::uint16_t* x, std::int64_t tokens,
                          const std::uint16_t* weights, std::int64_t rows, std::int64_t columns, float* y,
                          MatmulOutput output);

CudaStatus rmsNormFloat32(CudaContext* context, const float* x, const float* weight, float epsilon, std::int64_t rows,
                          std::int64_t columns, float* y);
CudaStatus rmsNormBfloat16(CudaContext* context, const float* x, const float* weight, float epsilon, std::int64_t rows,
                           std::int64_t columns, std::uint16_t* y);

CudaStatus rotaryEmbeddingFloat32(CudaContext* context, const float* x, std::int64_t x_stride, std::int64_t tokens,
                                  std::int64_t head_count, const CudaRotaryTable* table, float* y,
                                  std::int64_t y_stride, std::int64_t first_row);
CudaStatus rotaryEmbeddingBfloat16(CudaContext* context, const float* x, std::int64_t x_stride, std::int64_t tokens,
                                   std::int64_t head_count, const CudaRotaryTable* table, std::uint16_t* y,
                                   std::int64_t y_stride, std::int64_t first_row);

CudaStatus siluMultiplyFloat32(CudaContext* context, const float* gate, const float* up, std::int64_t count, float* y);
CudaStatus siluMultiplyBfloat16(CudaContext* context, const float* gate, const float* up, std::int64_t count,
                                std::uint16_t* y);

CudaStatus attentionFloat32(CudaContext* context, const AttentionShape* shape, const float* q, const float* k,
                            const float* v, float* out);
CudaStatus attentionBfloat16(CudaContext* context, const AttentionShape* shape, const std::uint16_t* q,
                             const std::uint16_t* k, const std::uint16_t* v, std::uint16_t* out);

CudaStatus updateSoftmax(CudaContext* context, const float* logits, std::int64_t tokens, std::int64_t columns,
                         std::int64_t first_id, const std::int32_t* targets, RunningSoftmax* running);

}  // namespace quantoscope::kernels::cuda
