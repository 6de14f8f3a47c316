// Where a run computes: on the CPU or on a GPU, as asked for or as there is. The GPU is started when it is first
// needed, so that a finished run needs none.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/device/gpu.h"

namespace quantoscope {

inline constexpr const char* kAutoDevice = "auto";
inline constexpr const char* kCpuDevice = "cpu";
inline constexpr const char* kCudaDevice = "cuda";

struct DeviceChoice {
    std::string device = kCpuDevice;    ///< one of the three above
    std::int64_t memory_mebibytes = 0;  ///< of the GPU's, to be used at most; 0: nine tenths of what is free
};

class ComputeDevice {
public:
    /// `bfloat16`: the arithmetic asked for; a GPU has no other. Asking for a GPU that is not there or cannot do it is
    /// an error; `auto` takes the CPU then.
    static Result<ComputeDevice> choose(const DeviceChoice& choice, bool bfloat16);
    /// The device by its id, for what began there; that there is none is said when it is needed.
    static ComputeDevice named(const std::string& id, std::int64_t memory_mebibytes);

    bool isGpu() const { return is_gpu_; }
    std::string id() const { return is_gpu_ ? kCudaDevice : kCpuDevice; }
    /// Null on the CPU.
    Result<std::shared_ptr<Gpu>> gpu();
    /// Null as long as no GPU was started.
    const Gpu* startedGpu() const { return gpu_.get(); }
    /// "weights 812 MiB, ...": the most that was held for each purpose; empty where no GPU was started.
    std::string memoryText() const;
    /// What a person should know and that is no error.
    void sendNotesTo(Gpu::NoteSink sink) { sink_ = std::move(sink); }
    void note(const std::string& text) const {
        if (sink_) sink_(text);
    }

private:
    bool is_gpu_ = false;
    std::uint64_t budget_ = 0;
    std::shared_ptr<Gpu> gpu_;
    Gpu::NoteSink sink_;
};

}  // namespace quantoscope
