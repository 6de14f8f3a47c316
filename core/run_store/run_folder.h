// The run folder: the only truth about a run. Every finished thing is one file, written whole or not at all.
//
//   recipe.json  manifest.json  events.jsonl  lock  notes.json (name and annotation given by the user)
//   configurations/<id>/configuration.json     method, options, state, totals
//   configurations/<id>/layers/NNN.h5           LayerRecord
//   configurations/<id>/codes/NNN.safetensors   QuantizedBlock
//   configurations/<id>/scores.h5               Score per benchmark
//   exports/<name>/
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis/layer_record.h"
#include "core/base/result.h"
#include "core/evaluation/choice/choice_result.h"
#include "core/methods/method.h"

namespace quantoscope {

/// One score with what it was made of.
struct Score {
    std::string benchmark;  ///< "wikitext2"
    std::string metric;     ///< "perplexity", "acc"
    double value = 0.0;     ///< an accuracy is a share from 0 to 1
    std::map<std::string, std::string>
        protocol;                    ///< window, limit, precision, data file hash: what must match to compare
    std::vector<double> window_nll;  ///< perplexity: mean negative log-likelihood per window, natural log
    double standard_error = std::numeric_limits<double>::quiet_NaN();  ///< of an accuracy; NaN: not known
    std::vector<ChoiceResult> items = {};  ///< multiple choice: by question, with the first of the metrics only
};

/// What is known of a configuration without opening its layers.
struct ConfigurationInfo {
    std::string id;               ///< "gptq-w4-g64"; "original" for the unquantized model
    std::string method;           ///< registry id, empty for the unquantized model
    OptionValues options;         ///< complete
    std::string checkpoint = {};  ///< the file or folder whose weights these are; empty: they were quantized here
    std::string checkpoint_fingerprint = {};  ///< of that file when it was compared; empty: not known
    std::string layer_bits = {};              ///< rules for single linears, as on the command line; empty: none
    std::string state;                        ///< "waiting", "running", "done", "failed", "cancelled"
    std::int64_t finished_blocks = 0;
    std::int64_t block_count = 0;
    double bits_per_weight = 0.0;  ///< over the blocks' linears, those left as they are with 16; 0 until done
    double seconds = 0.0;
    std::int64_t peak_bytes = 0;
    friend bool operator==(const ConfigurationInfo&, const ConfigurationInfo&) = default;
};

/// What the user wrote about a run.
struct RunNotes {
    std::string name;
    std::string annotation;
    friend bool operator==(const RunNotes&, const RunNotes&) = default;
};

struct RunInfo {
    std::filesystem::path folder;
    RunNotes notes;
    std::string model_path;
    std::string study_model;  ///< the study's name of this architecture; empty: none of its models
    std::string created;      ///< ISO 8601, UTC
    std::uint64_t disk_bytes = 0;
    std::vector<ConfigurationInfo> configurations;
};

/// Opened for reading by the window and for writing by the one worker that holds the lock.
class RunFolder {
public:
    /// Makes the folder (and its parents) or opens an existing one for writing: takes the lock (a stale one is taken
    /// over), removes temporary files of a killed writer. Fails with one sentence when another worker is writing, the
    /// folder is not a run folder, or cannot be written.
    static Result<std::shared_ptr<RunFolder>> openForWriting(const std::filesystem::path& folder);
    static Result<std::shared_ptr<const RunFolder>> openForReading(const std::filesystem::path& folder);
    /// Is this a run folder (has recipe.json and manifest.json)?
    static bool isRunFolder(const std::filesystem::path& folder);
    virtual ~RunFolder() = default;

    virtual const std::filesystem::path& path() const = 0;
    virtual Result<std::string> recipeText() const = 0;
    virtual Result<std::string> manifestText() const = 0;
    virtual Status writeRecipe(const std::string& json_text) = 0;
    virtual Status writeManifest(const std::string& json_text) = 0;
    virtual Status appendEvent(const std::string& json_line) = 0;

    virtual Result<std::vector<std::string>> configurationIds() const = 0;
    virtual Result<ConfigurationInfo> configuration(const std::string& id) const = 0;
    virtual Status writeConfiguration(const ConfigurationInfo& info) = 0;

    /// Blocks whose layer file (and codes) are complete, ascending. Counts files, opens none.
    virtual std::vector<std::int64_t> finishedBlocks(const std::string& id) const = 0;
    /// `provenance` is a hash of what the block was made from; readers compare it before they reuse the file.
    virtual Status writeBlock(const std::string& id, const LayerRecord& record, const QuantizedBlock& block,
                              const std::string& provenance) = 0;
    virtual Result<LayerRecord> layerRecord(const std::string& id, std::int64_t block) const = 0;
    /// Metrics and sizes of a block's linears alone: no histograms, tile maps or salience.
    virtual Result<LayerRecord> layerMetrics(const std::string& id, std::int64_t block) const = 0;
    virtual Result<QuantizedBlock> codes(const std::string& id, std::int64_t block) const = 0;
    virtual Result<std::string> blockProvenance(const std::string& id, std::int64_t block) const = 0;
    virtual Status dropCodes(const std::string& id) = 0;

    /// Adds or replaces the scores of the same benchmark, metric and protocol, all at once.
    virtual Status writeScores(const std::string& id, std::span<const Score> scores) = 0;
    Status writeScore(const std::string& id, const Score& score) { return writeScores(id, {&score, 1}); }
    virtual Result<std::vector<Score>> scores(const std::string& id) const = 0;
};

/// Everything the window lists of a run, from small files only.
Result<RunInfo> readRunInfo(const std::filesystem::path& folder);
Status writeRunNotes(const std::filesystem::path& folder, const RunNotes& notes);
Result<std::uint64_t> folderBytes(const std::filesystem::path& folder);

}  // namespace quantoscope
