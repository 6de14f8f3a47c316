// How a kernel says that it could not do its work; core turns it into a sentence.
#pragma once

#include <cstdint>

namespace quantoscope::kernels {

enum class KernelStatus : std::uint8_t {
    ok,
    cancelled,
    out_of_memory,
    unsupported,            ///< this machine or library lacks what the kernel needs
    not_positive_definite,  ///< a factorization met a non-positive pivot
    failed,                 ///< a library call failed
};

}  // namespace quantoscope::kernels
