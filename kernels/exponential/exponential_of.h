// exp of one vector, for every kernel that needs it inside; belongs to kernels/base/simd.h.
#pragma once

#include "kernels/base/simd.h"

namespace quantoscope::kernels::QS_SIMD {

/// Range, method and accuracy: kernels/exponential/exponential.h.
inline Floats exponentialOf(Floats x) {
    const Floats n = roundToWhole(x * all(1.44269504088896341F));
    Floats r = multiplyAdd(n, all(-0.693359375F), x);
    r = multiplyAdd(n, all(2.12194440e-4F), r);
    Floats p = all(1.0F / 5040.0F);
    p = multiplyAdd(p, r, all(1.0F / 720.0F));
    p = multiplyAdd(p, r, all(1.0F / 120.0F));
    p = multiplyAdd(p, r, all(1.0F / 24.0F));
    p = multiplyAdd(p, r, all(1.0F / 6.0F));
    p = multiplyAdd(p, r, all(0.5F));
    p = multiplyAdd(p, r, all(1.0F));
    p = multiplyAdd(p, r, all(1.0F));
    p = timesPowerOfTwo(p, n);
    p = whereLess(x, all(-87.336544F), all(0.0F), p);
    return whereLess(all(88.7228394F), x, all(__builtin_inff()), p);
}

}  // namespace quantoscope::kernels::QS_SIMD
