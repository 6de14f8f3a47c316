// Which chips and stages are switched off, as text that the next start reads back. A recipe knows nothing of it.
#pragma once

#include <QStringList>

#include "widgets/pipeline_editor/pipeline_draft.h"

namespace quantoscope {

/// "bits 2" (the kind and its index in the recipe's list), "stage evaluate".
QStringList switchedOff(const PipelineDraft& draft);
/// Switches off what `entries` name; ones that do not fit the draft's recipe are passed over.
void switchOff(PipelineDraft& draft, const QStringList& entries);

}  // namespace quantoscope
