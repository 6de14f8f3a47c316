// MMLU as its authors' script puts it: a header with the subject, solved examples, the question, one letter to choose.
#pragma once

#include "core/evaluation/choice/choice_item.h"

namespace quantoscope {

/// `path`: the release's folder of test files (dev/ beside it), or one "<subject>_test.csv". Subjects in alphabetical
/// order; `limit` counts questions of a subject. Files are untrusted: an error names file and line.
Result<ChoiceSet> loadMmlu(const std::filesystem::path& path, const ChoiceSelection& selection, const JobContext& job);

}  // namespace quantoscope
