// A run as the window lists it: what is known from small files only.
#pragma once

#include <QColor>
#include <QString>
#include <optional>
#include <vector>

#include "app/workbench/session/run_key.h"
#include "core/run_store/run_folder.h"
#include "widgets/theme/tokens.h"

namespace quantoscope {

struct RunEntry {
    RunKey key;
    ConfigurationInfo info;
    std::vector<Score> scores;
    bool interrupted = false;      ///< says "running", but nobody writes it any more
    std::string study_model = {};  ///< what the study calls the model; empty: not one of its own

    bool isOriginal() const { return info.method.empty(); }
    /// Holds codes, so that it can be exported: another checkpoint is one already.
    bool wasQuantizedHere() const { return !isOriginal() && info.checkpoint.empty(); }
    bool isFinished() const { return info.state == "done"; }
};

/// A run folder with its configurations, in recipe order.
struct RunFolderEntry {
    QString folder;
    QString name;  ///< given by the user, else made from the model and the folder's date
    RunNotes notes;
    QString model_path;
    QString created;  ///< ISO 8601, UTC
    quint64 disk_bytes = 0;
    std::vector<RunEntry> runs;
    QString problem;            ///< one sentence when the folder cannot be read
    bool writer_lives = false;  ///< a worker, ours or another, is writing
    bool interrupted = false;   ///< its writer was killed: the work can be resumed
};

/// "GPTQ w4 g64", "Original" for the unquantized model; the differing options of a longer id follow.
QString runLabel(const ConfigurationInfo& info);
/// What of the label tells variants of one method apart at equal bits: " g64", " g64 desc_act-false", or nothing.
QString variantLabel(const ConfigurationInfo& info);
/// The method's hue, one shade per bit width; a checkpoint's by its name; neutral for the unquantized model.
QColor runColour(const ConfigurationInfo& info, const Tokens& tokens);
/// -1 where none were asked for: the unquantized model, another checkpoint.
int runBits(const ConfigurationInfo& info);
/// Where a run stands on an axis of bits: those asked for, those really taken where linears differ, -1 without any.
double runPlace(const ConfigurationInfo& info);
/// The state in words: "done", "running", "interrupted: can be resumed".
QString runStateText(const RunEntry& run);
/// The first perplexity among the scores, preferring the benchmark named.
std::optional<Score> perplexityScore(const std::vector<Score>& scores, const std::string& benchmark = {});

/// Reads a run folder (small files and scores, no layers). Never fails: what is wrong stands in `problem`.
RunFolderEntry readRunFolderEntry(const QString& folder);

/// Is there nothing new to show?
bool areSame(const std::vector<RunFolderEntry>& one, const std::vector<RunFolderEntry>& other);

}  // namespace quantoscope
