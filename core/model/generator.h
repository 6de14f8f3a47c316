// What generation keeps of one block between tokens.
#pragma once

#include <cstdint>
#include <memory>

#include "core/base/result.h"
#include "core/model/model_config.h"
#include "kernels/attention/attention.h"

namespace quantoscope {

struct PassMemory;  // what a pass through a block needs for a moment; private to core/model

/// Keys and values of the tokens so far, for one block.
struct KeyValueCache {
    kernels::KeyValuePanels panels;
    std::shared_ptr<PassMemory> memory;  ///< shared by the caches of one generation, which go one after another

    /// Room for `capacity` tokens: 8 bytes a token, kv head and head dimension (a multiple of 64). Give the memory of
    /// an earlier cache to share it, or nothing for a new one.
    static Result<KeyValueCache> make(const ModelConfig& config, std::int64_t capacity,
                                      std::shared_ptr<PassMemory> memory = nullptr);
    std::int64_t length() const { return panels.length(); }
    std::int64_t capacity() const { return panels.capacity(); }
};

}  // namespace quantoscope
