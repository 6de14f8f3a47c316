#include "core/device/gpu.h"

#include <algorithm>

#include "core/device/cuda_devices.h"
#include "kernels/cuda/cuda_module.h"

namespace quantoscope {
namespace {

using kernels::CudaStatus;
using kernels::KernelStatus;

std::string mebibytes(std::uint64_t bytes) {
    return std::to_string(bytes >> 20) + " MiB";
}

std::string words(const CudaStatus& status) {
    return std::string(status.operation) + ": " + status.reason;
}

}  // namespace

const char* gpuMemoryName(GpuMemory purpose) {
    switch (purpose) {
        case GpuMemory::weights:
            return "weights";
        case GpuMemory::activations:
            return "activations";
        case GpuMemory::statistics:
            return "statistics";
        case GpuMemory::solver:
            return "solver";
    }
    return "";
}

GpuBytes::~GpuBytes() {
    if (memory_ == nullptr) return;
    (void)gpu_->functions_->release(gpu_->context_, memory_);  // a fault is said by the next call that can
    gpu_->used_ -= size_;
    gpu_->held_[static_cast<std::size_t>(purpose_)] -= size_;
}

PinnedRange::PinnedRange(Gpu& gpu, const void* memory, std::uint64_t bytes) {
    void* const range = const_cast<void*>(memory);  // pinning changes no value
    if (bytes == 0 || gpu.functions_->pinHost(gpu.context_, range, bytes).status != KernelStatus::ok) return;
    gpu_ = &gpu;
    memory_ = range;
}

PinnedRange::~PinnedRange() {
    if (memory_ != nullptr) (void)gpu_->functions_->unpinHost(gpu_->context_, memory_);
}

Result<std::shared_ptr<Gpu>> Gpu::open(int index, std::uint64_t budget_bytes) {
    const auto& module = kernels::cudaModule();
    if (module.functions == nullptr) return failure(cudaAbsence(), {}, module.cause);
    if (index >= module.device_count)
        return usageError("There is no GPU " + std::to_string(index) + "; this machine has " +
                          std::to_string(module.device_count) + ", counted from 0.");
    std::shared_ptr<Gpu> gpu(new Gpu(module.functions));
    QS_TRY(gpu->checked(module.functions->createContext(index, &gpu->context_), "starting"));
    kernels::CudaDevice device;  // after the context: what it took is not free any more
    QS_TRY(gpu->checked(module.functions->describeDevice(index, &device), "asking for its memory"));
    gpu->name_ = device.name;
    const auto most = device.free_memory_bytes / 10 * 9;
    gpu->budget_ = budget_bytes == 0 ? most : std::min<std::uint64_t>(budget_bytes, device.free_memory_bytes);
    return gpu;
}

Gpu::~Gpu() {
    functions_->destroyContext(context_);
}

Status Gpu::checked(const CudaStatus& status, const char* what) const {
    switch (status.status) {
        case KernelStatus::ok:
            return {};
        case KernelStatus::out_of_memory:
            return failure(std::string("The GPU has not enough free memory for ") + what +
                               "; close other programs that use it, or compute with --device cpu.",
                           {}, words(status));
        case KernelStatus::unsupported:
            return failure(std::string("The GPU or its driver cannot do what is needed for ") + what +
                               "; compute with --device cpu.",
                           {}, words(status));
        default:
            return failure(std::string("The GPU stopped with a fault (") + what +
                               "); see with nvidia-smi whether it still works, then resume the run.",
                           {}, words(status));
    }
}

void Gpu::count(GpuMemory purpose, std::uint64_t bytes) {
    const auto at = static_cast<std::size_t>(purpose);
    used_ += bytes;
    held_[at] += bytes;
    peaks_[at] = std::max(peaks_[at], held_[at]);
}

Result<bool> Gpu::tryTake(GpuMemory purpose, std::uint64_t bytes, GpuBytes& memory) {
    memory = GpuBytes();
    if (bytes > room()) return false;
    void* taken = nullptr;
    const auto status = functions_->allocate(context_, bytes, &taken);
    if (status.status == KernelStatus::out_of_memory) return false;
    QS_TRY(checked(status, "taking memory"));
    memory.gpu_ = this;
    memory.memory_ = taken;
    memory.size_ = taken == nullptr ? 0 : bytes;
    memory.purpose_ = purpose;
    count(purpose, memory.size_);
    return true;
}

Result<GpuBytes> Gpu::take(GpuMemory purpose, std::uint64_t bytes, const std::string& what) {
    GpuBytes memory;
    QS_ASSIGN(const bool taken, tryTake(purpose, bytes, memory));
    if (!taken)
        return failure("The GPU has no room for " + what + " (" + mebibytes(bytes) + "); of " + mebibytes(budget_) +
                       " that may be used " + mebibytes(room()) +
                       " are left: raise --device-memory, close other programs that use the GPU, or compute with "
                       "--device cpu.");
    return memory;
}

Status Gpu::upload(void* to, const void* from, std::uint64_t bytes) {
    if (bytes == 0) return {};
    return call("copying to it", &Table::copyToDevice, to, from, bytes);
}
Status Gpu::download(void* to, const void* from, std::uint64_t bytes) {
    return call("copying from it", &Table::copyToHost, to, from, bytes);
}
Status Gpu::clear(const GpuBytes& memory) {
    return call("clearing memory", &Table::fillWithZero, memory.data(), memory.size());
}
Status Gpu::synchronize() {
    return call("waiting for it", &Table::synchronize);
}

}  // namespace quantoscope
