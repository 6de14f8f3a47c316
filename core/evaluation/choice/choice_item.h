// Questions with fixed answers, as texts: what the loaders of the release formats make and the tokenizer reads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"

namespace quantoscope {

/// One answer: how likely is `continuation` after `context`?
struct Choice {
    std::string context;
    std::string continuation;
    std::int64_t length = 0;  ///< code points of the answer's text: what acc_norm divides by
};

struct ChoiceItem {
    std::vector<Choice> choices;
    std::int64_t gold = 0;
};

struct ChoiceSet {
    std::vector<ChoiceItem> items;  ///< in file order
    std::string sha256;             ///< of the bytes of all files read
};

}  // namespace quantoscope
