#include "core/device/compute_device.h"

#include "core/device/cuda_devices.h"
#include "core/model/gpu/gpu_check.h"

namespace quantoscope {

Result<ComputeDevice> ComputeDevice::choose(const DeviceChoice& choice, bool bfloat16) {
    if (choice.device == kCpuDevice) return ComputeDevice();
    const auto absence = cudaAbsence();
    const bool possible = absence.empty() && bfloat16;
    if (choice.device == kCudaDevice && !possible)
        return usageError(absence.empty()
                              ? "The GPU computes in bfloat16 only: choose --precision bfloat16, or --device cpu."
                              : absence + " Compute with --device cpu, or run this where there is a GPU.");
    return named(possible ? kCudaDevice : kCpuDevice, choice.memory_mebibytes);
}

ComputeDevice ComputeDevice::named(const std::string& id, std::int64_t memory_mebibytes) {
    ComputeDevice device;
    device.is_gpu_ = id == kCudaDevice;
    device.budget_ = static_cast<std::uint64_t>(memory_mebibytes) << 20;
    return device;
}

std::string ComputeDevice::memoryText() const {
    std::string text;
    if (!gpu_) return text;
    for (const auto purpose : kGpuMemories)
        text += (text.empty() ? "" : ", ") + std::string(gpuMemoryName(purpose)) + " " +
                std::to_string(gpu_->peak(purpose) >> 20) + " MiB";
    return text;
}

Result<std::shared_ptr<Gpu>> ComputeDevice::gpu() {
    if (!is_gpu_ || gpu_) return gpu_;
    if (const auto absence = cudaAbsence(); !absence.empty())
        return failure("This run was begun on a GPU and is not finished. " + absence +
                       " Go on where there is a GPU, or choose a new run folder.");
    QS_ASSIGN(auto opened, Gpu::open(0, budget_));
    QS_TRY(checkGpu(opened));
    gpu_ = std::move(opened);
    gpu_->sendNotesTo(sink_);
    note("Computing on " + gpu_->name() + " with up to " + std::to_string(gpu_->budget() >> 20) +
         " MiB of its memory.");
    return gpu_;
}

}  // namespace quantoscope
