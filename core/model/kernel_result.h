// Turns a kernel's status into a Status with a sentence (private to core).
#pragma once

#include <string>

#include "core/base/result.h"
#include "kernels/base/kernel_status.h"

namespace quantoscope {

/// `what` is named in the error: "the attention of block 3".
inline Status kernelResult(kernels::KernelStatus status, const std::string& what) {
    switch (status) {
        case kernels::KernelStatus::ok:
            return {};
        case kernels::KernelStatus::cancelled:
            return cancelled();
        case kernels::KernelStatus::out_of_memory:
            return failure("not enough memory for " + what +
                           "; close other programs or take fewer or shorter sequences");
        default:
            return failure("the computation of " + what + " failed inside a library", {},
                           "kernel status " + std::to_string(static_cast<int>(status)));
    }
}

}  // namespace quantoscope
