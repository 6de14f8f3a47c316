// The state of the emulated device (private to emulated_cuda*.cpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kernels/cuda/cuda_interface.h"

namespace quantoscope::test {

struct EmulatedDevice {
    std::uint64_t memory = std::uint64_t{1} << 34;
    std::int64_t fault_at = -1;
    std::int64_t launched = 0;
    std::map<std::string, std::int64_t> launches;
    std::int64_t synchronizations = 0;
    std::int64_t contexts = 0;
    std::uint64_t in_use = 0;
    std::uint64_t peak = 0;
    std::string misuse;
    bool faulted = false;
    float product_factor = 1.0F;
    std::map<const std::byte*, std::vector<std::byte>> blocks;  // by where they begin
    std::map<const std::byte*, std::uint64_t> pinned;
    std::vector<std::function<void()>> queue;

    bool onDevice(const void* pointer, std::uint64_t bytes) const;
    bool isPinned(const void* pointer, std::uint64_t bytes) const;
    /// Does what was queued.
    kernels::CudaStatus drain();
    /// Queues a kernel.
    kernels::CudaStatus launch(const char* kernel, std::function<void()> work);
    kernels::CudaStatus refuse(const char* operation, const char* reason);
};

EmulatedDevice& device();

/// False, and noted, when `count` values at a pointer are not all on the device.
template <typename Element>
bool isDevice(const char* kernel, const Element* pointer, std::int64_t count) {
    if (device().onDevice(pointer, static_cast<std::uint64_t>(count) * sizeof(Element))) return true;
    if (device().misuse.empty()) device().misuse = std::string(kernel) + ": a pointer is not the device's";
    return false;
}

/// Puts the kernels into the table.
void addProducts(kernels::CudaInterface& table);
void addSolvers(kernels::CudaInterface& table);

}  // namespace quantoscope::test
