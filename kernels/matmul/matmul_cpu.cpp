#include <omp.h>

#include <algorithm>
#include <atomic>

#include "kernels/base/select.h"
#include "kernels/convert_float/convert_float.h"
#include "kernels/matmul/matmul.h"
#include "kernels/matmul/packed_state.h"
#include "kernels/matmul/panel_product.h"

namespace quantoscope::kernels {
namespace {

constexpr std::int64_t kRowGranule = 24;         // token shares are multiples of this
constexpr double kOperationsPerPoll = 1.0e10;    // 25 to 100 ms between looks at the stop token
constexpr std::int64_t kSmallProduct = 1 << 16;  // multiplications below which threads cost more than they save

std::atomic<PairsChoice>& pairsChoice() {
    static std::atomic<PairsChoice> choice{PairsChoice::detect};
    return choice;
}

void multiply(const PanelProduct<float>& product) {
    selectVersion(simd_baseline::multiplyFloat32, simd_avx2::multiplyFloat32, simd_avx512::multiplyFloat32)(product);
}
void multiply(const PanelProduct<std::uint16_t>& product) {
    if (usesBfloat16Pairs()) return simd_avx512::multiplyPairs(product);
    selectVersion(simd_baseline::multiplyWidened, simd_avx2::multiplyWidened, simd_avx512::multiplyWidened)(product);
}

/// The part of `count` granules that thread `index` of `threads` takes.
struct Share {
    std::int64_t begin;
    std::int64_t end;
};
Share shareOf(std::int64_t count, std::int64_t granule, int index, int threads) {
    const auto granules = (count + granule - 1) / granule;
    return {std::min(count, granules * index / threads * granule),
            std::min(count, granules * (index + 1) / threads * granule)};
}

/// Many rows are shared out by rows (each thread passes over all panels), few rows by panels.
template <typename Element>
void multiplyShare(PanelProduct<Element> product, int index, int threads) {
    if (product.rows >= 2 * kRowGranule * threads) {
        const auto share = shareOf(product.rows, kRowGranule, index, threads);
        product.x += share.begin * product.x_stride;
        product.y += share.begin * product.y_stride;
        product.rows = share.end - share.begin;
    } else {
        const auto share = shareOf(product.outputs, kPanelWidth, index, threads);
        product.panels += share.begin / kPanelWidth * panelElements(product.columns);
        product.y += share.begin;
        product.outputs = share.end - share.begin;
    }
    if (product.rows > 0 && product.outputs > 0) multiply(product);
}

template <typename Element>
KernelStatus multiplyAll(PanelProduct<Element> product, AlignedBuffer<float>& scratch) {
    const bool small = product.rows * product.columns * product.outputs < kSmallProduct;
    const int threads = small || omp_in_parallel() != 0 ? 1 : omp_get_max_threads();
    constexpr bool kWidens = sizeof(Element) == sizeof(std::uint16_t);
    constexpr auto kScratch = kWidenedScratch;
    if (kWidens && !scratch.reserve(kScratch * threads)) return KernelStatus::out_of_memory;
#pragma omp parallel num_threads(threads) if (threads > 1)
    {
        auto mine = product;
        mine.scratch = kWidens ? scratch.data() + kScratch * omp_get_thread_num() : nullptr;
        multiplyShare(mine, omp_get_thread_num(), omp_get_num_threads());
    }
    return KernelStatus::ok;
}

/// Runs the product in pieces of rows, looking at the stop token between them.
template <typename Element>
KernelStatus multiplyInPieces(PanelProduct<Element> product, const std::stop_token& stop) {
    AlignedBuffer<float> scratch;
    const double per_row = 2.0 * static_cast<double>(product.columns) * static_cast<double>(product.outputs);
    const auto piece = std::max<std::int64_t>(192, static_cast<std::int64_t>(kOperationsPerPoll / per_row) / 192 * 192);
    for (std::int64_t row = 0; row < product.rows; row += piece) {
        if (stop.stop_requested()) return KernelStatus::cancelled;
        auto part = product;
        part.x += row * product.x_stride;
        part.y += row * product.y_stride;
        part.rows = std::min(piece, product.rows - row);
        if (const auto status = multiplyAll(part, scratch); status != KernelStatus::ok) return status;
    }
    return KernelStatus::ok;
}

template <typename Element>
PanelProduct<Element> describe(const Element* x, std::int64_t tokens, const PackedMatrix& weights,
                               const Element* panels, float* y, MatmulOutput output) {
    return {x,
            weights.columns(),
            tokens,
            weights.columns(),
            panels,
            weights.rows(),
            y,
            weights.rows(),
            output == MatmulOutput::add,
            nullptr};
}

}  // namespace

bool usesBfloat16Pairs() {
    static const bool intel = [] {
        __builtin_cpu_init();
        return __builtin_cpu_is("intel") != 0;
    }();
    if (cpuLevel() < CpuLevel::avx512_bf16) return false;
    const auto choice = pairsChoice().load(std::memory_order_relaxed);
    return choice == PairsChoice::detect ? !intel : choice == PairsChoice::always;
}
void choosePairs(PairsChoice choice) {
    pairsChoice().store(choice, std::memory_order_relaxed);
}

KernelStatus matmul(const std::uint16_t* x, std::int64_t tokens, const PackedMatrix& weights, float* y,
                    MatmulOutput output, const std::stop_token& stop) {
    const auto& state = weights.state();
    if (state.operand == MatmulOperand::bfloat16)
        return multiplyInPieces(describe(x, tokens, weights, state.bfloat16.data(), y, output), stop);
    AlignedBuffer<float> wide;
    if (!wide.reserve(tokens * state.columns)) return KernelStatus::out_of_memory;
    bfloat16ToFloat(x, wide.data(), static_cast<std::size_t>(tokens * state.columns));
    const float* const values = wide.data();
    return multiplyInPieces(describe(values, tokens, weights, state.float32.data(), y, output), stop);
}

KernelStatus matmul(const float* x, std::int64_t tokens, const PackedMatrix& weights, float* y, MatmulOutput output,
                    const std::stop_token& stop) {
    const auto& state = weights.state();
    if (state.operand == MatmulOperand::float32)
        return multiplyInPieces(describe(x, tokens, weights, state.float32.data(), y, output), stop);
    AlignedBuffer<std::uint16_t> rounded;
    if (!rounded.reserve(tokens * state.columns)) return KernelStatus::out_of_memory;
    floatToBfloat16(x, rounded.data(), static_cast<std::size_t>(tokens * state.columns));
    return matmul(rounded.data(), tokens, weights, y, output, stop);
}

}  // namespace quantoscope::kernels
