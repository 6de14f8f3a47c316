#include "tests/support/emulated_cuda.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "kernels/cuda/cuda_module_stand_in.h"
#include "tests/support/emulated_device.h"

namespace quantoscope::kernels {
struct CudaContext {};
}  // namespace quantoscope::kernels

namespace quantoscope::test {

using kernels::CudaContext;
using kernels::CudaInterface;
using kernels::CudaStatus;
using kernels::KernelStatus;

EmulatedDevice& device() {
    static EmulatedDevice emulated;
    return emulated;
}

bool EmulatedDevice::onDevice(const void* pointer, std::uint64_t bytes) const {
    const auto* const at = static_cast<const std::byte*>(pointer);
    auto block = blocks.upper_bound(at);
    if (block == blocks.begin()) return false;
    --block;
    return at + bytes <= block->first + block->second.size();
}

bool EmulatedDevice::isPinned(const void* pointer, std::uint64_t bytes) const {
    const auto* const at = static_cast<const std::byte*>(pointer);
    return std::ranges::any_of(
        pinned, [&](const auto& range) { return at >= range.first && at + bytes <= range.first + range.second; });
}

CudaStatus EmulatedDevice::drain() {
    for (const auto& work : std::exchange(queue, {})) work();
    if (faulted) return {KernelStatus::failed, "cudaStreamSynchronize", "an illegal memory access was encountered"};
    return {};
}

CudaStatus EmulatedDevice::launch(const char* kernel, std::function<void()> work) {
    if (!misuse.empty()) return {KernelStatus::failed, kernel, misuse.c_str()};
    ++launches[kernel];
    if (fault_at >= 0 && launched >= fault_at)
        faulted = true;  // said by whoever waits next
    else
        queue.push_back(std::move(work));
    ++launched;
    return {};
}

CudaStatus EmulatedDevice::refuse(const char* operation, const char* reason) {
    if (misuse.empty()) misuse = std::string(operation) + ": " + reason;
    return {KernelStatus::failed, operation, reason};
}

namespace {

CudaStatus versions(kernels::CudaVersions* found) {
    *found = {12080, 12080, 120800};
    return {};
}
CudaStatus deviceCount(int* count) {
    *count = 1;
    return {};
}
CudaStatus describeDevice(int, kernels::CudaDevice* found) {
    *found = {};
    std::strncpy(found->name, "Emulated GPU", sizeof(found->name) - 1);
    found->compute_major = 9;
    found->memory_bytes = device().memory;
    found->free_memory_bytes = device().memory - device().in_use;
    return {};
}
CudaStatus createContext(int, CudaContext** context) {
    *context = new CudaContext;
    ++device().contexts;
    return {};
}
void destroyContext(CudaContext* context) {
    if (context == nullptr) return;
    (void)device().drain();
    --device().contexts;
    delete context;
}
CudaStatus allocate(CudaContext*, std::uint64_t bytes, void** memory) {
    *memory = nullptr;
    if (bytes == 0) return {};
    auto& state = device();
    if (state.in_use + bytes > state.memory) return {KernelStatus::out_of_memory, "cudaMalloc", "out of memory"};
    std::vector<std::byte> block(bytes, std::byte{0xcd});  // what was never written is seen
    *memory = block.data();
    state.in_use += bytes;
    state.peak = std::max(state.peak, state.in_use);
    state.blocks.emplace(block.data(), std::move(block));
    return {};
}
CudaStatus release(CudaContext*, void* memory) {
    if (memory == nullptr) return {};
    auto& state = device();
    const auto status = state.drain();
    const auto found = state.blocks.find(static_cast<const std::byte*>(memory));
    if (found == state.blocks.end()) return state.refuse("cudaFree", "the memory was not allocated");
    state.in_use -= found->second.size();
    state.blocks.erase(found);
    return status;
}
CudaStatus pinHost(CudaContext*, void* memory, std::uint64_t bytes) {
    if (device().onDevice(memory, bytes)) return device().refuse("cudaHostRegister", "the memory is the device's");
    device().pinned[static_cast<const std::byte*>(memory)] = bytes;
    return {};
}
CudaStatus unpinHost(CudaContext*, void* memory) {
    const auto status = device().drain();
    if (device().pinned.erase(static_cast<const std::byte*>(memory)) == 0)
        return device().refuse("cudaHostUnregister", "the memory was not pinned");
    return status;
}
CudaStatus allocatePinned(CudaContext* context, std::uint64_t bytes, void** memory) {
    *memory = bytes == 0 ? nullptr : ::operator new(bytes);
    return bytes == 0 ? CudaStatus{} : pinHost(context, *memory, bytes);
}
CudaStatus releasePinned(CudaContext* context, void* memory) {
    if (memory == nullptr) return {};
    const auto status = unpinHost(context, memory);
    ::operator delete(memory);
    return status;
}
CudaStatus copyToDevice(CudaContext*, void* to, const void* from, std::uint64_t bytes) {
    if (bytes == 0) return {};
    auto& state = device();
    if (!state.onDevice(to, bytes)) return state.refuse("copy to the device", "the target is not the device's");
    if (state.onDevice(from, 1)) return state.refuse("copy to the device", "the source is the device's");
    if (state.isPinned(from, bytes)) {
        state.queue.emplace_back([=] { std::memcpy(to, from, bytes); });
    } else {
        std::vector<std::byte> staged(bytes);
        std::memcpy(staged.data(), from, bytes);
        state.queue.emplace_back([to, staged = std::move(staged)] { std::memcpy(to, staged.data(), staged.size()); });
    }
    return {};
}
CudaStatus copyToHost(CudaContext*, void* to, const void* from, std::uint64_t bytes) {
    if (bytes == 0) return {};
    auto& state = device();
    if (!state.onDevice(from, bytes)) return state.refuse("copy to the host", "the source is not the device's");
    if (state.onDevice(to, 1)) return state.refuse("copy to the host", "the target is the device's");
    state.queue.emplace_back([=] { std::memcpy(to, from, bytes); });
    if (state.isPinned(to, bytes)) return {};
    ++state.synchronizations;
    return state.drain();
}
CudaStatus fillWithZero(CudaContext*, void* memory, std::uint64_t bytes) {
    if (bytes == 0) return {};
    if (!device().onDevice(memory, bytes)) return device().refuse("cudaMemset", "the memory is not the device's");
    device().queue.emplace_back([=] { std::memset(memory, 0, bytes); });
    return {};
}
CudaStatus synchronize(CudaContext*) {
    ++device().synchronizations;
    return device().drain();
}
CudaStatus measureRoofline(CudaContext*, int, kernels::CudaRoofline* roofline) {
    *roofline = {};
    return {};
}

CudaInterface makeTable() {
    CudaInterface table{};
    table.version = kernels::kCudaInterfaceVersion;
    table.versions = versions;
    table.deviceCount = deviceCount;
    table.describeDevice = describeDevice;
    table.createContext = createContext;
    table.destroyContext = destroyContext;
    table.allocate = allocate;
    table.release = release;
    table.allocatePinned = allocatePinned;
    table.releasePinned = releasePinned;
    table.pinHost = pinHost;
    table.unpinHost = unpinHost;
    table.copyToDevice = copyToDevice;
    table.copyToHost = copyToHost;
    table.fillWithZero = fillWithZero;
    table.synchronize = synchronize;
    table.measureRoofline = measureRoofline;
    addProducts(table);
    addSolvers(table);
    return table;
}

}  // namespace

EmulatedCuda::EmulatedCuda() {
    device() = EmulatedDevice{};
    static const CudaInterface table = makeTable();
    kernels::standInForCudaModule(&table);
}
EmulatedCuda::~EmulatedCuda() {
    kernels::standInForCudaModule(nullptr);
}
void EmulatedCuda::setMemory(std::uint64_t bytes) {
    device().memory = bytes;
}
void EmulatedCuda::failAfterLaunches(std::int64_t launches) {
    device().faulted = false;
    device().fault_at = launches < 0 ? -1 : device().launched + launches;
}
void EmulatedCuda::spoilProducts() {
    device().product_factor = 1.1F;
}
std::int64_t EmulatedCuda::launches() const {
    return device().launched;
}
std::int64_t EmulatedCuda::launches(const std::string& kernel) const {
    const auto found = device().launches.find(kernel);
    return found == device().launches.end() ? 0 : found->second;
}
std::int64_t EmulatedCuda::synchronizations() const {
    return device().synchronizations;
}
std::uint64_t EmulatedCuda::bytesInUse() const {
    return device().in_use;
}
std::uint64_t EmulatedCuda::peakBytes() const {
    return device().peak;
}
std::int64_t EmulatedCuda::pinnedRanges() const {
    return static_cast<std::int64_t>(device().pinned.size());
}
std::int64_t EmulatedCuda::contexts() const {
    return device().contexts;
}
std::string EmulatedCuda::misuse() const {
    return device().misuse;
}

}  // namespace quantoscope::test
