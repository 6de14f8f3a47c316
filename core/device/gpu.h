// The one door from core to a GPU: its context, its memory counted by purpose under a budget, and its answers as
// sentences. Work is queued in order; nothing waits but synchronize() and what says so.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "core/base/result.h"
#include "kernels/cuda/cuda_interface.h"

namespace quantoscope {

enum class GpuMemory : std::uint8_t { weights, activations, statistics, solver };
inline constexpr std::array kGpuMemories{GpuMemory::weights, GpuMemory::activations, GpuMemory::statistics,
                                         GpuMemory::solver};
const char* gpuMemoryName(GpuMemory purpose);

class Gpu;

/// Memory of the device that frees itself. The Gpu must outlive it.
class GpuBytes {
public:
    GpuBytes() = default;
    GpuBytes(GpuBytes&& other) noexcept { swap(other); }
    GpuBytes& operator=(GpuBytes&& other) noexcept {
        GpuBytes(std::move(other)).swap(*this);
        return *this;
    }
    ~GpuBytes();

    void* data() const { return memory_; }
    std::uint64_t size() const { return size_; }
    Gpu& gpu() const { return *gpu_; }  ///< not of an empty one
    template <typename Element>
    Element* as() const {
        return static_cast<Element*>(memory_);
    }
    void swap(GpuBytes& other) noexcept {
        std::swap(gpu_, other.gpu_);
        std::swap(memory_, other.memory_);
        std::swap(size_, other.size_);
        std::swap(purpose_, other.purpose_);
    }

private:
    friend class Gpu;
    Gpu* gpu_ = nullptr;
    void* memory_ = nullptr;
    std::uint64_t size_ = 0;
    GpuMemory purpose_ = GpuMemory::weights;
};

/// Host memory that is pinned while this lives, so that copies need not wait. That it could not be pinned is no error:
/// copies are slower then.
class PinnedRange {
public:
    PinnedRange() = default;
    PinnedRange(Gpu& gpu, const void* memory, std::uint64_t bytes);
    PinnedRange(PinnedRange&& other) noexcept { swap(other); }
    PinnedRange& operator=(PinnedRange&& other) noexcept {
        PinnedRange(std::move(other)).swap(*this);
        return *this;
    }
    ~PinnedRange();
    void swap(PinnedRange& other) noexcept {
        std::swap(gpu_, other.gpu_);
        std::swap(memory_, other.memory_);
    }

private:
    Gpu* gpu_ = nullptr;
    void* memory_ = nullptr;
};

/// Used by one thread at a time.
class Gpu {
public:
    using Table = kernels::CudaInterface;
    using NoteSink = std::function<void(const std::string&)>;

    /// `budget_bytes`: how much of its memory may be taken; 0: nine tenths of what is free now.
    static Result<std::shared_ptr<Gpu>> open(int index, std::uint64_t budget_bytes);
    ~Gpu();
    Gpu(const Gpu&) = delete;
    Gpu& operator=(const Gpu&) = delete;

    const std::string& name() const { return name_; }
    std::uint64_t budget() const { return budget_; }
    std::uint64_t used() const { return used_; }
    std::uint64_t room() const { return budget_ > used_ ? budget_ - used_ : 0; }
    /// What is taken for a purpose now.
    std::uint64_t held(GpuMemory purpose) const { return held_[static_cast<std::size_t>(purpose)]; }
    /// The most that was taken for a purpose at a time.
    std::uint64_t peak(GpuMemory purpose) const { return peaks_[static_cast<std::size_t>(purpose)]; }

    /// False where the budget or the device has no room.
    Result<bool> tryTake(GpuMemory purpose, std::uint64_t bytes, GpuBytes& memory);
    /// No room is an error that names `what`.
    Result<GpuBytes> take(GpuMemory purpose, std::uint64_t bytes, const std::string& what);

    /// Queues a function of the table: gpu.call("attention", &Gpu::Table::attentionBfloat16, &shape, q, k, v, out).
    template <typename... Parameters, typename... Arguments>
    Status call(const char* what, kernels::CudaStatus (*Table::*function)(kernels::CudaContext*, Parameters...),
                Arguments... arguments) {
        return checked((functions_->*function)(context_, arguments...), what);
    }
    /// Queued; see the table for when the host's memory may be touched again.
    Status upload(void* to, const void* from, std::uint64_t bytes);
    Status download(void* to, const void* from, std::uint64_t bytes);
    Status clear(const GpuBytes& memory);
    Status synchronize();

    /// What a person should know and that is no error: a chunk that had to be halved. Each is said once.
    void sendNotesTo(NoteSink sink) { note_ = std::move(sink); }
    void note(const std::string& text) {
        if (note_ && said_.insert(text).second) note_(text);
    }

private:
    friend class GpuBytes;
    friend class PinnedRange;
    explicit Gpu(const Table* functions) : functions_(functions) {}
    Status checked(const kernels::CudaStatus& status, const char* what) const;
    void count(GpuMemory purpose, std::uint64_t bytes);

    const Table* functions_;
    kernels::CudaContext* context_ = nullptr;
    std::string name_;
    std::uint64_t budget_ = 0;
    std::uint64_t used_ = 0;
    std::array<std::uint64_t, kGpuMemories.size()> held_{};
    std::array<std::uint64_t, kGpuMemories.size()> peaks_{};
    NoteSink note_;
    std::set<std::string> said_;
};

}  // namespace quantoscope
