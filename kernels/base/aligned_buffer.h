// Memory for kernels: aligned to cache lines, not initialised, never throwing.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>

namespace quantoscope::kernels {

template <typename Element>
class AlignedBuffer {
public:
    AlignedBuffer() = default;

    /// Makes room for `count` elements (contents are lost when it grows); false when there is no memory.
    bool reserve(std::int64_t count) {
        if (count <= capacity_) return true;
        memory_.reset();
        capacity_ = 0;
        const auto bytes = (static_cast<std::size_t>(count) * sizeof(Element) + 63) / 64 * 64;
        memory_.reset(static_cast<Element*>(std::aligned_alloc(64, bytes)));
        if (!memory_) return false;
        capacity_ = count;
        return true;
    }
    Element* data() const { return memory_.get(); }
    std::int64_t capacity() const { return capacity_; }

private:
    struct Free {
        void operator()(Element* memory) const { std::free(memory); }
    };
    std::unique_ptr<Element, Free> memory_;
    std::int64_t capacity_ = 0;
};

}  // namespace quantoscope::kernels
