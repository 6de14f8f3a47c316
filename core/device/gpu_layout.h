// Cuts one allocation of the device into pieces that are aligned as allocations are.
#pragma once

#include <cstddef>
#include <cstdint>

namespace quantoscope {

/// Without memory it only counts: lay everything out twice, once to know the size.
class GpuLayout {
public:
    explicit GpuLayout(void* memory = nullptr) : memory_(static_cast<std::byte*>(memory)) {}
    template <typename Element>
    Element* piece(std::int64_t count) {
        auto* const at = memory_ == nullptr ? nullptr : memory_ + bytes_;
        bytes_ += (static_cast<std::uint64_t>(count) * sizeof(Element) + 255) / 256 * 256;
        return reinterpret_cast<Element*>(at);
    }
    std::uint64_t bytes() const { return bytes_; }

private:
    std::byte* memory_;
    std::uint64_t bytes_ = 0;
};

}  // namespace quantoscope
