// The door to oneDNN: products of plain strided matrices.
#include <new>
#include <oneapi/dnnl/dnnl.hpp>

#include "kernels/base/aligned_buffer.h"
#include "kernels/base/cpu_features.h"
#include "kernels/matmul/matmul.h"

namespace quantoscope::kernels {
namespace {

using dnnl::memory;

const dnnl::engine& cpuEngine() {
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

memory::desc describe(std::int64_t rows, std::int64_t columns, memory::data_type type, std::int64_t row_stride,
                      std::int64_t column_stride) {
    return {{rows, columns}, type, {row_stride, column_stride}};
}

dnnl::matmul makeMatmul(const memory::desc& a, const memory::desc& b, const memory::desc& c, MatmulOutput output,
                        memory::desc& scratchpad) {
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    if (output == MatmulOutput::add) {
        dnnl::post_ops add;
        add.append_sum(1.0F);
        attributes.set_post_ops(add);
    }
    const dnnl::matmul::primitive_desc primitive({a, b, c}, attributes, cpuEngine());
    scratchpad = primitive.scratchpad_desc();
    return dnnl::matmul(primitive);
}

template <typename Operand>
KernelStatus multiplyStrided(const Operand& a, const Operand& b, std::int64_t m, std::int64_t n, std::int64_t k,
                             float* c, std::int64_t c_row_stride, MatmulOutput output, memory::data_type type) {
    if (m == 0 || n == 0) return KernelStatus::ok;
    try {
        const auto a_desc = describe(m, k, type, a.row_stride, a.column_stride);
        const auto b_desc = describe(k, n, type, b.row_stride, b.column_stride);
        const auto c_desc = describe(m, n, memory::data_type::f32, c_row_stride, 1);
        memory::desc scratchpad_desc;
        const auto product = makeMatmul(a_desc, b_desc, c_desc, output, scratchpad_desc);
        AlignedBuffer<std::byte> scratchpad;
        if (!scratchpad.reserve(static_cast<std::int64_t>(scratchpad_desc.get_size())))
            return KernelStatus::out_of_memory;
        const auto& engine = cpuEngine();
        dnnl::stream stream(engine);
        using Pointer = void*;
        product.execute(
            stream,
            {{DNNL_ARG_SRC, memory(a_desc, engine, const_cast<Pointer>(static_cast<const void*>(a.values)))},
             {DNNL_ARG_WEIGHTS, memory(b_desc, engine, const_cast<Pointer>(static_cast<const void*>(b.values)))},
             {DNNL_ARG_DST, memory(c_desc, engine, c)},
             {DNNL_ARG_SCRATCHPAD, memory(scratchpad_desc, engine, scratchpad.data())}});
        stream.wait();
        return KernelStatus::ok;
    } catch (const dnnl::error& error) {
        return error.status == dnnl_out_of_memory ? KernelStatus::out_of_memory : KernelStatus::failed;
    } catch (const std::bad_alloc&) {
        return KernelStatus::out_of_memory;
    }
}

bool libraryHasBfloat16() {
    switch (dnnl::get_effective_cpu_isa()) {
        case dnnl::cpu_isa::avx512_core_bf16:
        case dnnl::cpu_isa::avx512_core_amx:
            return true;
        default:
            return false;
    }
}

}  // namespace

bool hasBfloat16Product() {
    return cpuLevel() >= CpuLevel::avx512_bf16 && libraryHasBfloat16();
}

KernelStatus matmulStrided(const StridedOperand& a, const StridedOperand& b, std::int64_t m, std::int64_t n,
                           std::int64_t k, float* c, std::int64_t c_row_stride, MatmulOutput output) {
    return multiplyStrided(a, b, m, n, k, c, c_row_stride, output, memory::data_type::f32);
}

KernelStatus addScaledProduct(float factor, const StridedOperand& a, const StridedOperand& b, std::int64_t m,
                              std::int64_t n, std::int64_t k, float* c, std::int64_t c_row_stride) {
    if (m == 0 || n == 0 || k == 0) return KernelStatus::ok;
    const auto order = [](const StridedOperand& operand) { return operand.column_stride == 1 ? 'N' : 'T'; };
    const auto stride = [](const StridedOperand& operand) {
        return operand.column_stride == 1 ? operand.row_stride : operand.column_stride;
    };
    const auto status = dnnl_sgemm(order(a), order(b), m, n, k, factor, a.values, stride(a), b.values, stride(b), 1.0F,
                                   c, c_row_stride);
    if (status == dnnl_success) return KernelStatus::ok;
    return status == dnnl_out_of_memory ? KernelStatus::out_of_memory : KernelStatus::failed;
}

KernelStatus matmulStrided(const StridedBfloat16& a, const StridedBfloat16& b, std::int64_t m, std::int64_t n,
                           std::int64_t k, float* c, std::int64_t c_row_stride, MatmulOutput output) {
    if (!hasBfloat16Product()) return KernelStatus::unsupported;
    return multiplyStrided(a, b, m, n, k, c, c_row_stride, output, memory::data_type::bf16);
}

}  // namespace quantoscope::kernels
