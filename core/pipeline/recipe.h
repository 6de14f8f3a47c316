// The recipe: what to do to which model, as a file. The pipeline editor shows exactly this.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/option.h"
#include "core/base/result.h"
#include "core/evaluation/choice/choice_encoding.h"
#include "core/mixed_bits/layer_bits.h"
#include "core/model/decoder_block.h"
#include "core/model/weight_source.h"

namespace quantoscope {

enum class Sampling { random, sequential };

struct CalibrationRecipe {
    std::string data;  ///< text file; empty: no calibration data
    std::int64_t samples = 128;
    std::int64_t sequence_length = 2048;
    std::int64_t seed = 0;
    Sampling sampling = Sampling::random;
};

/// One chip of the Quantize stage: a method with the options that differ from its defaults (bits and group_size are
/// swept).
struct MethodRecipe {
    std::string method;
    OptionValues options;
};

struct EvaluationRecipe {
    std::string benchmark = "wikitext2";
    std::string data;            ///< file, or the folder that holds it
    std::int64_t window = 2048;  ///< perplexity
    std::int64_t limit = 0;      ///< windows or questions; 0: all
    Precision precision = Precision::bfloat16;
    ChoiceEncoding encoding = ChoiceEncoding::separate;  ///< multiple choice
    std::int64_t shots = 5;                              ///< MMLU: solved examples before a question
    bool as_written = false;                             ///< MMLU: cells as the files have them
};

struct ExportRecipe {
    std::string format;
    std::string output;  ///< folder; empty: exports/<configuration>-<format> in the run folder
    OptionValues options;
};

struct Recipe {
    static constexpr int kSchemaVersion = 1;
    std::string model;
    WeightDType weight_dtype = WeightDType::bfloat16;
    Precision precision = Precision::bfloat16;
    CalibrationRecipe calibration;
    std::vector<MethodRecipe> methods;
    std::vector<std::int64_t> bits{4};
    std::vector<std::int64_t> group_sizes{128};
    LayerBits layer_bits;                  ///< linears whose bits are not the sweep's, in every run of it
    std::vector<std::string> checkpoints;  ///< others of the same architecture, compared with the model as they are
    std::vector<EvaluationRecipe> evaluations;
    bool evaluate_original = false;  ///< also score the unquantized model ("beside full precision")
    std::vector<ExportRecipe> exports;
    bool keep_codes = true;
};

/// One run of the sweep: a method with all options filled in.
struct Configuration {
    std::string id;  ///< "gptq-w4-g64", with a suffix per option that differs from its default, and for mixed bits
    std::string method;
    OptionValues options;         ///< complete
    LayerBits layer_bits;         ///< the recipe's
    std::string checkpoint = {};  ///< nothing is quantized: these weights are compared with the model's

    bool isCheckpoint() const { return !checkpoint.empty(); }
};

/// What stands for the method of a configuration that is another checkpoint.
inline constexpr const char* kCheckpointMethod = "checkpoint";

/// Unknown keys and wrong types are errors that name the place and the nearest known key.
Result<Recipe> parseRecipe(const std::string& json_text);
std::string recipeJson(const Recipe& recipe);
/// A recipe file. What it names by a relative path lies beside the file or below its folder; where nothing lies there,
/// the path stays as written and means the current folder. The error's path is the file.
Result<Recipe> readRecipeFile(const std::filesystem::path& path);
/// The sweep, in the order it will run: methods x bits x group sizes, impossible combinations refused with the reason.
Result<std::vector<Configuration>> configurations(const Recipe& recipe);
/// The worker command line that does the same, for Copy as command. A recipe that needs a file of its own is named
/// `recipe_file`; empty: "recipe.json", to be saved by the user.
std::string recipeCommand(const Recipe& recipe, const std::string& run_folder, const std::string& recipe_file = {});

}  // namespace quantoscope
