// The lists of a recipe that chips stand for, reached by the chip's kind.
#pragma once

#include <algorithm>

#include "widgets/pipeline_editor/pipeline_draft.h"

namespace quantoscope {

/// Calls `visit` with the list that holds chips of this kind; false when there is none, or when visit says so.
template <typename Visit>
bool visitList(Recipe& recipe, ChipKind kind, Visit visit) {
    switch (kind) {
        case ChipKind::method:
            return visit(recipe.methods);
        case ChipKind::bits:
            return visit(recipe.bits);
        case ChipKind::group_size:
            return visit(recipe.group_sizes);
        case ChipKind::checkpoint:
            return visit(recipe.checkpoints);
        case ChipKind::evaluation:
            return visit(recipe.evaluations);
        case ChipKind::export_format:
            return visit(recipe.exports);
        case ChipKind::calibration_data:
        case ChipKind::calibration_size:
        case ChipKind::calibration_seed:
        case ChipKind::original_model:
            break;
    }
    return false;
}

/// Positions of switched-off chips after one was put in or taken out at `index`.
inline void shiftDisabled(PipelineDraft& draft, ChipKind kind, int index, int by) {
    for (ChipRef& chip : draft.disabled)
        if (chip.kind == kind && chip.index >= index) chip.index += by;
}

/// Inserts a copy of `value` at `index` of its list.
template <typename List, typename Value>
void insertAt(List& list, int index, const Value& value) {
    list.insert(list.begin() + std::clamp(index, 0, static_cast<int>(list.size())), value);
}

}  // namespace quantoscope
