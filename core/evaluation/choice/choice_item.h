// Questions with fixed answers, as texts: what the loaders of the release formats make and the tokenizer reads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
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

/// What stands before a question that is answered by a letter; shared by the questions of a subject.
struct FewShot {
    std::string header;
    std::vector<std::string> examples;  ///< left out from the end where the prompt becomes too long
};

struct ChoiceItem {
    std::vector<Choice> choices;
    std::int64_t gold = 0;
    std::string category = {};                     ///< id of the part of the benchmark; empty: it has no parts
    std::shared_ptr<const FewShot> few_shot = {};  ///< not null: `question` is asked and answered by a letter
    std::string question = {};                     ///< then the choices' continuations are the letters, without context
};

/// Which questions of a release, and how they are put.
struct ChoiceSelection {
    std::int64_t limit = 0;   ///< the first questions (of each part); 0: all
    std::int64_t shots = 0;   ///< solved examples before a question
    bool as_written = false;  ///< cells as the file has them, not as pandas prints them
};

struct ChoiceSet {
    std::vector<ChoiceItem> items;  ///< in file order
    std::string sha256;             ///< of the bytes of all files read
};

}  // namespace quantoscope
