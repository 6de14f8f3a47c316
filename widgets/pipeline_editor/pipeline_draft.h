// What the pipeline editor edits: a recipe and which of its chips are switched off. Plain values and pure edits.
#pragma once

#include <QByteArray>
#include <QColor>
#include <QString>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/option.h"
#include "core/methods/method.h"
#include "core/pipeline/recipe.h"

namespace quantoscope {

enum class Stage { calibrate, quantize, evaluate, export_ };
enum class ChipKind {
    calibration_data,
    calibration_size,
    calibration_seed,
    method,
    bits,
    group_size,
    checkpoint,  ///< another one, compared with the model as it is
    original_model,
    evaluation,
    export_format
};

/// A chip by its kind and its index in the recipe's list (0 for the calibration chips).
struct ChipRef {
    ChipKind kind = ChipKind::method;
    int index = 0;
    friend bool operator==(const ChipRef&, const ChipRef&) = default;
};

struct PipelineDraft {
    Recipe recipe;                         ///< with all chips
    std::vector<ChipRef> disabled;         ///< kept in the editor, left out of the run
    std::vector<Stage> disabled_stages{};  ///< the same for all chips of a stage; never Stage::quantize
};

/// What can be put into a pipeline, from the registries.
struct NamedChoice {
    std::string id;
    QString label;
    QString help;
    QString limit_unit = {};  ///< of a benchmark: "windows", "questions"
};
struct PipelineCatalogue {
    std::vector<MethodDescription> methods;
    std::vector<NamedChoice> benchmarks;
    std::vector<NamedChoice> export_formats;
    std::vector<std::int64_t> bits{8, 4, 3, 2};
    std::vector<std::int64_t> group_sizes{-1, 32, 64, 128};
    /// Why a result of this method with these (complete) options cannot be written in the format; empty when it can, as
    /// far as options tell. May be missing.
    std::function<QString(const std::string& format, const std::string& method, const OptionValues& options)>
        export_reason{};
};

/// The recipe that would run: chips and stages that are switched off left out.
Recipe runnableRecipe(const PipelineDraft& draft);
bool isStageEnabled(const PipelineDraft& draft, Stage stage);

struct Chip {
    ChipRef ref;
    QString text;
    QString help;
    QColor dot;  ///< invalid: none
    bool enabled = true;
    QString reason;  ///< why this cannot run; empty when it can
};
Stage stageOf(ChipKind kind);
std::vector<Chip> chipsOf(const PipelineDraft& draft, const PipelineCatalogue& catalogue, Stage stage);

/// "GPTQ ·2" (two options changed), "4", "whole row", "128 × 2048 tokens"
QString chipText(const PipelineDraft& draft, const PipelineCatalogue& catalogue, ChipRef chip);
/// Why a chip cannot run: option rows refuse the value, or the method needs calibration data that is not there.
QString chipReason(const PipelineDraft& draft, const PipelineCatalogue& catalogue, ChipRef chip);

bool canBeSwitchedOff(ChipKind kind);
bool canBeSwitchedOff(Stage stage);
bool canBeRemoved(ChipKind kind);
bool canBeRepeated(ChipKind kind);
bool canBeMoved(ChipKind kind);
bool canBeCopied(ChipKind kind);

/// Edits. Each gives the new draft; the label is for undo ("Add 3 bits").
struct PipelineEdit {
    PipelineDraft draft;
    QString label;
    std::optional<ChipRef> chip{};  ///< the one to select afterwards; none: selection stays
};
std::optional<PipelineEdit> removeChip(const PipelineDraft& draft, const PipelineCatalogue& catalogue, ChipRef chip);
std::optional<PipelineEdit> duplicateChip(const PipelineDraft& draft, const PipelineCatalogue& catalogue, ChipRef chip);
PipelineEdit toggleChip(const PipelineDraft& draft, const PipelineCatalogue& catalogue, ChipRef chip);
std::optional<PipelineEdit> toggleStage(const PipelineDraft& draft, Stage stage);
/// `to`: the chip's index afterwards; out of the list moves nothing.
std::optional<PipelineEdit> moveChip(const PipelineDraft& draft, const PipelineCatalogue& catalogue, ChipRef chip,
                                     int to);
/// A chip as text for the clipboard; empty for kinds that cannot be copied.
QByteArray copiedChip(const PipelineDraft& draft, ChipRef chip);
/// Puts a copied chip behind `after` where that is of its kind, else at the end. Nothing for text that is no chip, and
/// for a number that is there already.
std::optional<PipelineEdit> pasteChip(const PipelineDraft& draft, const PipelineCatalogue& catalogue,
                                      const QByteArray& copied, std::optional<ChipRef> after);
/// `value` is an id (methods, benchmarks, formats) or a number as text (bits, group sizes).
std::optional<PipelineEdit> addChip(const PipelineDraft& draft, const PipelineCatalogue& catalogue, ChipKind kind,
                                    const std::string& value);
/// How many runs the enabled chips make: methods × bits × group sizes, and one for each other checkpoint.
struct SweepCount {
    int methods = 0;
    int bits = 0;
    int group_sizes = 0;
    int checkpoints = 0;
    int runs() const { return methods * bits * group_sizes + checkpoints; }
};
SweepCount sweepCount(const PipelineDraft& draft);
QString stageName(Stage stage);
QString sweepText(const SweepCount& count);  ///< "3 methods × 4 bits × 1 group = 12 runs"

}  // namespace quantoscope
