// The whole of what the CUDA module offers: one table of functions, asked for by version.
//
// The module (quantoscope_cuda.so) is the only thing that links CUDA. The two sides are compiled by different compilers
// in different language versions, so nothing but plain data crosses here: no exception, no standard-library type.
//
// Memory: pointers named device_* or documented as such come from `allocate`. They are aligned to 256 bytes; a pointer
// into the middle need only suit its element. Launchers return as soon as the work is queued on the context's one
// stream, in order; a fault of the device is reported by the next `synchronize` or copy. A context is used by one
// thread at a time. Shapes may be empty; then nothing happens. No launcher allocates memory, waits, or uses an atomic:
// the same device, driver, cuBLAS and cuSOLVER give the same bytes every time.
#pragma once

#include <cstdint>

#include "kernels/base/kernel_status.h"
#include "kernels/token_nll/token_nll.h"

namespace quantoscope::kernels {

enum class MatmulOutput : std::uint8_t;
struct AttentionShape;
struct ClipGrid;
struct GptqProblem;
struct GridOptions;
struct GroupedMatrix;

/// Raised with every change below.
inline constexpr std::uint32_t kCudaInterfaceVersion = 6;

/// Texts are English, live as long as the module, and are empty when all went well.
struct CudaStatus {
    KernelStatus status = KernelStatus::ok;
    const char* operation = "";  ///< what was attempted: "cublasGemmEx"
    const char* reason = "";     ///< the library's own words
};

struct CudaVersions {
    int driver = 0;   ///< newest CUDA version that the driver serves, 1000 * major + 10 * minor; 0: no driver
    int runtime = 0;  ///< that the module was built with
    int cublas = 0;   ///< 10000 * major + 100 * minor + patch
};

struct CudaDevice {
    char name[256] = {};
    int compute_major = 0;
    int compute_minor = 0;
    int multiprocessors = 0;
    std::uint64_t memory_bytes = 0;
    std::uint64_t free_memory_bytes = 0;
};

/// The bounds of a device, measured; zero where there was no room to measure.
struct CudaRoofline {
    double float32_gflops = 0.0;          ///< matrix product without tensor cores
    double tensor_float32_gflops = 0.0;   ///< float32 operands, multiplied as TF32
    double bfloat16_gflops = 0.0;         ///< bfloat16 operands, float32 sums
    double read_gigabytes_per_s = 0.0;    ///< device memory
    double upload_gigabytes_per_s = 0.0;  ///< host to device from pinned memory
};

/// A device with its stream, its cuBLAS and cuSOLVER handles and 128 MiB to work in; opaque outside the module.
struct CudaContext;

/// Rows of the rotation table on the device: position_count x half each.
struct CudaRotaryTable {
    const float* cosine;
    const float* sine;
    std::int64_t position_count;
    std::int64_t half;
};

struct CudaInterface {
    std::uint32_t version;

    // Called like functions, so named like functions. NOLINTBEGIN(readability-identifier-naming)

    // Devices.
    CudaStatus (*versions)(CudaVersions* versions);
    CudaStatus (*deviceCount)(int* count);
    /// Starts CUDA on the device (a few hundred MB of its memory) to learn what is free.
    CudaStatus (*describeDevice)(int index, CudaDevice* device);

    // A context and its memory. destroyContext waits for the stream; null is allowed where free() allows it.
    CudaStatus (*createContext)(int device, CudaContext** context);
    void (*destroyContext)(CudaContext* context);
    CudaStatus (*allocate)(CudaContext* context, std::uint64_t bytes, void** memory);
    CudaStatus (*release)(CudaContext* context, void* memory);
    CudaStatus (*allocatePinned)(CudaContext* context, std::uint64_t bytes, void** host_memory);
    CudaStatus (*releasePinned)(CudaContext* context, void* host_memory);
    /// Pins memory that is there already, so that copies from and to it need not wait. Unpin it before it is freed.
    CudaStatus (*pinHost)(CudaContext* context, void* host_memory, std::uint64_t bytes);
    CudaStatus (*unpinHost)(CudaContext* context, void* host_memory);
    /// Queued; pageable host memory makes the call wait. The host memory must live until the copy is done.
    CudaStatus (*copyToDevice)(CudaContext* context, void* to, const void* from, std::uint64_t bytes);
    /// Queued; the host memory holds the values after `synchronize`.
    CudaStatus (*copyToHost)(CudaContext* context, void* to, const void* from, std::uint64_t bytes);
    CudaStatus (*fillWithZero)(CudaContext* context, void* memory, std::uint64_t bytes);
    CudaStatus (*synchronize)(CudaContext* context);

    /// Best of `repetitions`; about half a second, up to 1.5 GB of device and 256 MiB of pinned memory. Waits.
    CudaStatus (*measureRoofline)(CudaContext* context, int repetitions, CudaRoofline* roofline);

    // Kernels: the contracts of kernels/<operation>/<operation>.h with device pointers; differences are said here.

    /// gram.h. The float32 form multiplies as TF32 (10 bits of the mantissa count). Sums are float32 within a call, in
    /// an order of cuBLAS's choosing that depends on the shape; calls that split the rows differently round
    /// differently.
    CudaStatus (*gramAddFloat32)(CudaContext* context, const float* x, std::int64_t rows, std::int64_t columns,
                                 float* gram);
    CudaStatus (*gramAddBfloat16)(CudaContext* context, const std::uint16_t* x, std::int64_t rows, std::int64_t columns,
                                  float* gram);
    CudaStatus (*gramMirror)(CudaContext* context, float* gram, std::int64_t columns);

    /// channel_statistics.h; all sums are float64, strips of rows added in order. At most 5 million columns.
    CudaStatus (*channelStatistics)(CudaContext* context, const std::uint16_t* x, std::int64_t rows,
                                    std::int64_t columns, double* absolute_sums, float* maxima);

    /// convert_float.h: the same bits as on the CPU.
    CudaStatus (*floatToBfloat16)(CudaContext* context, const float* values, std::int64_t count, std::uint16_t* bits);

    /// What GPTQ factorizes: matrix(i, j) = scale * gram(order(i), order(j)), and on the diagonal
    /// diagonal(order(i)) + added. `order`: n columns, null for as they come. All arrays on the device.
    CudaStatus (*dampedMoments)(CudaContext* context, const float* gram, std::int64_t n, float scale,
                                const float* diagonal, float added, const std::int32_t* order, float* matrix);

    /// cholesky.h; of the matrix only entries on and above the diagonal are read. `refused`: one number on the device,
    /// 0 or, where the CPU answers not_positive_definite, 1; the matrix's content is undefined then. At most 2^31 - 1
    /// rows.
    CudaStatus (*inverseFactor)(CudaContext* context, float* matrix, std::int64_t n, std::int32_t* refused);
    /// The same with float64 inside; `wide`: n x n to work in.
    CudaStatus (*inverseFactorFloat64)(CudaContext* context, float* matrix, std::int64_t n, double* wide,
                                       std::int32_t* refused);

    /// group_grid.h; shapes and options on the host. The same bytes as on the CPU, but where a range is searched for:
    /// of two ranges whose errors are within a millionth the other one may be taken, as pow is CUDA's powf.
    CudaStatus (*findGrids)(CudaContext* context, const float* weights, const GroupedMatrix* shape,
                            const GridOptions* options, float* scales, float* zero_points);
    CudaStatus (*encodeGroups)(CudaContext* context, const float* weights, const GroupedMatrix* shape,
                               const float* scales, const float* zero_points, int bits, std::uint8_t* codes);
    CudaStatus (*roundToGrids)(CudaContext* context, const float* weights, const GroupedMatrix* shape,
                               const GridOptions* options, float* values);
    CudaStatus (*scaledRoundingError)(CudaContext* context, const float* weights, const GroupedMatrix* shape,
                                      const GridOptions* options, const float* input_scale, float* error);

    /// awq_search.h; shapes and options on the host, at least one candidate. A row may have up to 3 million columns.
    /// Products with the Gram matrices are float32 sums in cuBLAS's order: of two limits whose errors are within a
    /// millionth the other one may win.
    CudaStatus (*findClipLimits)(CudaContext* context, const float* weights, const GroupedMatrix* shape,
                                 const GridOptions* grid, const ClipGrid* clip, const float* grams, float* limits);
    CudaStatus (*clampToLimits)(CudaContext* context, float* weights, const GroupedMatrix* shape, const float* limits);

    /// weighted_error.h, but with both triangles of the Gram matrix filled (gramMirror). Products are float32, summed
    /// over all columns before they are weighted.
    CudaStatus (*weightedError)(CudaContext* context, const float* error, std::int64_t rows, std::int64_t columns,
                                const float* gram, double* energy);

    /// gptq_solve.h, every array of the problem on the device, the problem itself on the host. `values`: rows x columns
    /// to work in, none of the problem's arrays. Errors reach later columns in float32, summed over up to 128 columns
    /// at a time, so the last bits differ from the CPU's. Searched ranges: as findGrids.
    CudaStatus (*gptqSolve)(CudaContext* context, const GptqProblem* problem, float* values);

    /// matmul.h with weights as they lie in a checkpoint: bfloat16, rows x columns, row-major. Unlike there, the order
    /// of a sum depends on the number of tokens.
    CudaStatus (*matmulBfloat16)(CudaContext* context, const std::uint16_t* x, std::int64_t tokens,
                                 const std::uint16_t* weights, std::int64_t rows, std::int64_t columns, float* y,
                                 MatmulOutput output);

    /// rms_norm.h. Sums are float32, in a fixed tree.
    CudaStatus (*rmsNormFloat32)(CudaContext* context, const float* x, const float* weight, float epsilon,
                                 std::int64_t rows, std::int64_t columns, float* y);
    CudaStatus (*rmsNormBfloat16)(CudaContext* context, const float* x, const float* weight, float epsilon,
                                  std::int64_t rows, std::int64_t columns, std::uint16_t* y);

    /// rotary_embedding.h: the same bits as on the CPU. The table's arrays lie on the device.
    CudaStatus (*rotaryEmbeddingFloat32)(CudaContext* context, const float* x, std::int64_t x_stride,
                                         std::int64_t tokens, std::int64_t head_count, const CudaRotaryTable* table,
                                         float* y, std::int64_t y_stride, std::int64_t first_row);
    CudaStatus (*rotaryEmbeddingBfloat16)(CudaContext* context, const float* x, std::int64_t x_stride,
                                          std::int64_t tokens, std::int64_t head_count, const CudaRotaryTable* table,
                                          std::uint16_t* y, std::int64_t y_stride, std::int64_t first_row);

    /// silu_multiply.h; exp is CUDA's expf (2 units in the last place).
    CudaStatus (*siluMultiplyFloat32)(CudaContext* context, const float* gate, const float* up, std::int64_t count,
                                      float* y);
    CudaStatus (*siluMultiplyBfloat16)(CudaContext* context, const float* gate, const float* up, std::int64_t count,
                                       std::uint16_t* y);

    /// attention.h for whole sequences, the shape on the host, heads of up to 256 dimensions. exp is CUDA's expf or
    /// exp2f. The bfloat16 form keeps 16 bits of the softmax's weights in its products with the values. Of finite
    /// numbers a query gets the same bytes whatever queries are done together with it.
    CudaStatus (*attentionFloat32)(CudaContext* context, const AttentionShape* shape, const float* q, const float* k,
                                   const float* v, float* out);
    CudaStatus (*attentionBfloat16)(CudaContext* context, const AttentionShape* shape, const std::uint16_t* q,
                                    const std::uint16_t* k, const std::uint16_t* v, std::uint16_t* out);

    /// token_nll.h; logits, targets and running all on the device. emptySoftmax() and tokenNll() stay the host's.
    CudaStatus (*updateSoftmax)(CudaContext* context, const float* logits, std::int64_t tokens, std::int64_t columns,
                                std::int64_t first_id, const std::int32_t* targets, RunningSoftmax* running);
    // NOLINTEND(readability-identifier-naming)
};

/// The module's one exported symbol: the table, or null when the module has another version.
inline constexpr const char* kCudaInterfaceSymbol = "quantoscopeCudaInterface";
using CudaInterfaceFunction = const CudaInterface* (*)(std::uint32_t version);

}  // namespace quantoscope::kernels
