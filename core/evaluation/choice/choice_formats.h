// Loaders of the original releases. Files are untrusted: every field's presence, type and range is checked; an error
// names the file and the line. Of the
// selection they know the limit; the hash is of the whole file whatever the limit.
#pragma once

#include "core/evaluation/choice/choice_item.h"

namespace quantoscope {

/// PIQA: goal, sol1, sol2 a line; labels 0 or 1 in the file beside it ("valid.jsonl" has "valid-labels.lst").
Result<ChoiceSet> loadPiqa(const std::filesystem::path& file, const ChoiceSelection& selection, const JobContext& job);
/// ARC: question.stem, question.choices[].{text,label}, answerKey (a letter or a digit).
Result<ChoiceSet> loadArc(const std::filesystem::path& file, const ChoiceSelection& selection, const JobContext& job);
/// HellaSwag: activity_label, ctx_a, ctx_b, endings, label (a number, or a text that holds one).
Result<ChoiceSet> loadHellaSwag(const std::filesystem::path& file, const ChoiceSelection& selection,
                                const JobContext& job);
/// WinoGrande: sentence with "_", option1, option2, answer "1" or "2".
Result<ChoiceSet> loadWinoGrande(const std::filesystem::path& file, const ChoiceSelection& selection,
                                 const JobContext& job);

}  // namespace quantoscope
