// How the context and the choices of a question become tokens.
#pragma once

#include <cstdint>

namespace quantoscope {

enum class ChoiceEncoding : std::uint8_t {
    separate,  ///< each on its own (lm-evaluation-harness 0.3.0, the study's)
    joint,     ///< as one text, spaces between them counted to the continuation (harness 0.4)
};

inline const char* choiceEncodingName(ChoiceEncoding encoding) {
    return encoding == ChoiceEncoding::joint ? "joint" : "separate";
}

}  // namespace quantoscope
