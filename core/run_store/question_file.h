// questions/<benchmark>-<data>-<count>.json of a run folder: what its configurations were asked, kept once for all.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/run_store/run_folder.h"

namespace quantoscope {

/// A multiple-choice question as a person reads it.
struct QuestionText {
    std::string question;
    std::vector<std::string> choices;
    std::string category;  ///< empty: the benchmark has no parts
};

/// Keeps the questions behind `score`, unless they are there. `run_folder` must be open for writing.
Status writeQuestions(const std::filesystem::path& run_folder, const Score& score,
                      std::span<const QuestionText> questions);
/// The questions behind `score`, in the order of its answers; the error says that none were kept.
Result<std::vector<QuestionText>> readQuestions(const std::filesystem::path& run_folder, const Score& score);

}  // namespace quantoscope
