// What the benches of the GPU share: memory filled with values, and rows that say how near to its bound a kernel comes.
#pragma once

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "kernels/cuda/cuda_module.h"

namespace quantoscope::kernels {

/// Ends the bench where a call fails.
inline void demand(const CudaStatus& status) {
    if (status.status == KernelStatus::ok) return;
    throw std::runtime_error(std::string(status.operation) + ": " + status.reason);
}

class CudaBench {
public:
    explicit CudaBench(int repetitions) : cuda_(*cudaModule().functions), repetitions_(repetitions) {
        CudaDevice device;
        demand(cuda_.describeDevice(0, &device));
        demand(cuda_.createContext(0, &context_));
        demand(cuda_.measureRoofline(context_, repetitions, &roofline_));
        std::fprintf(stdout, "%s: float32 %.0f, TF32 %.0f, bfloat16 %.0f GFLOP/s, memory %.0f, upload %.1f GB/s\n",
                     device.name, roofline_.float32_gflops, roofline_.tensor_float32_gflops, roofline_.bfloat16_gflops,
                     roofline_.read_gigabytes_per_s, roofline_.upload_gigabytes_per_s);
    }
    ~CudaBench() { cuda_.destroyContext(context_); }
    CudaBench(const CudaBench&) = delete;
    CudaBench& operator=(const CudaBench&) = delete;

    /// Zeroed memory, kept until the end.
    template <typename Element>
    Element* make(std::int64_t count) {
        void* memory = nullptr;
        const auto bytes = static_cast<std::uint64_t>(count) * sizeof(Element);
        demand(cuda_.allocate(context_, bytes, &memory));
        demand(cuda_.fillWithZero(context_, memory, bytes));
        return static_cast<Element*>(memory);
    }

    /// The same with values without pattern in [1, 2): zeros would run cooler, and faster, than a model's numbers.
    template <typename Element>
    Element* makeValues(std::int64_t count) {
        return fill<Element>(count, [](std::uint32_t bits) {
            if constexpr (std::is_same_v<Element, float>)
                return std::bit_cast<float>(bits);
            else
                return static_cast<Element>(bits >> 16U);
        });
    }
    /// Values without pattern in [-magnitude, magnitude).
    float* makeSigned(std::int64_t count, float magnitude) {
        return fill<float>(
            count, [magnitude](std::uint32_t bits) { return magnitude * (2.0F * std::bit_cast<float>(bits) - 3.0F); });
    }
    void write(float* to, const std::vector<float>& values) {
        demand(cuda_.copyToDevice(context_, to, values.data(), values.size() * sizeof(float)));
        demand(cuda_.synchronize(context_));
    }

    /// Times ten launches behind one another; `work` in GFLOP or GB, `bound` in the same a second.
    template <typename Launch>
    void row(const char* name, double work, double bound, Launch&& launch) {
        constexpr int kLaunches = 10;
        demand(launch(cuda_, context_));
        demand(cuda_.synchronize(context_));
        double best = 1e30;
        for (int i = 0; i < repetitions_; ++i) {
            const auto start = std::chrono::steady_clock::now();
            for (int n = 0; n < kLaunches; ++n) demand(launch(cuda_, context_));
            demand(cuda_.synchronize(context_));
            const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
            best = std::min(best, taken.count() / kLaunches);
        }
        std::fprintf(stdout, "%-44s %9.3f ms %10.0f /s %5.0f %% of bound\n", name, best * 1e3, work / best,
                     bound > 0.0 ? 100.0 * work / best / bound : 0.0);
    }
    const CudaRoofline& roofline() const { return roofline_; }

private:
    /// valueOf(bits of a float in [1, 2)), drawn kPattern times and repeated.
    template <typename Element, typename ValueOf>
    Element* fill(std::int64_t count, const ValueOf& valueOf) {
        auto* const memory = make<Element>(count);
        std::vector<Element> values(static_cast<std::size_t>(std::min(count, kPattern)));
        std::uint32_t state = 1;
        for (auto& value : values) {
            state = state * 1664525U + 1013904223U;
            value = valueOf(0x3f800000U | state >> 9U);
        }
        for (std::int64_t first = 0; first < count; first += kPattern) {
            const auto bytes = static_cast<std::uint64_t>(std::min(count - first, kPattern)) * sizeof(Element);
            demand(cuda_.copyToDevice(context_, memory + first, values.data(), bytes));
        }
        demand(cuda_.synchronize(context_));
        return memory;
    }

    static constexpr std::int64_t kPattern = (std::int64_t{1} << 24) + 1;  // odd, so that rows differ
    const CudaInterface& cuda_;
    CudaContext* context_ = nullptr;
    CudaRoofline roofline_;
    int repetitions_;
};

inline int repetitionsFrom(int count, char** words) {
    return count > 1 ? std::max(1, std::atoi(words[1])) : 5;
}
inline int sayWhyNoGpu() {
    std::fprintf(stdout, "No GPU here: %s\n", cudaModule().cause.c_str());
    return 0;
}

}  // namespace quantoscope::kernels
