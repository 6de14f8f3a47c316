// A catalogue and a draft for tests of the pipeline editor and the option form.
#pragma once

#include "widgets/pipeline_editor/pipeline_draft.h"

namespace quantoscope {

inline std::vector<OptionDescription> sampleOptions() {
    return {{"bits",
             "Bits",
             OptionType::integer,
             std::int64_t{4},
             std::int64_t{2},
             std::int64_t{8},
             {},
             "bits",
             "Width of a code.",
             {}},
            {"group_size",
             "Group size",
             OptionType::integer,
             std::int64_t{128},
             std::int64_t{8},
             std::int64_t{1024},
             {},
             "columns",
             "Columns that share a scale.",
             {-1}},
            {"damping",
             "Damping",
             OptionType::real,
             0.01,
             0.0,
             1.0,
             {},
             "of mean diagonal",
             "Added to the diagonal of the Hessian so that it can be inverted.",
             {}},
            {"desc_act",
             "Order columns by activation",
             OptionType::boolean,
             false,
             {},
             {},
             {},
             "",
             "Quantize the columns with the largest inputs first.",
             {}},
            {"scale_dtype",
             "Scales kept as",
             OptionType::choice,
             std::string("float16"),
             {},
             {},
             {"float16", "float32"},
             "",
             "Type of the stored scales.",
             {}},
            {"block_columns",
             "Block of columns",
             OptionType::integer,
             std::int64_t{128},
             std::int64_t{1},
             std::int64_t{4096},
             {},
             "columns",
             "Columns solved before the rest is updated.",
             {}}};
}

inline PipelineCatalogue sampleCatalogue() {
    PipelineCatalogue catalogue;
    const auto method = [&](const char* id, const char* label, const char* hue, Propagation propagation) {
        MethodDescription description;
        description.id = id;
        description.label = label;
        description.summary = std::string("What ") + label + " does.";
        description.options = sampleOptions();
        description.propagation = propagation;
        description.hue = hue;
        catalogue.methods.push_back(description);
    };
    method("second", "GPTQ", "#4a90ff", Propagation::quantized);
    method("scaled", "AWQ", "#f0902a", Propagation::full_precision);
    method("plain", "RTN", "#8f98aa", Propagation::none);
    catalogue.benchmarks = {{"wikitext2", "WikiText2", "Perplexity"}, {"c4", "C4", "Perplexity"}};
    catalogue.export_formats = {{"gptq", "GPTQ", "vLLM"}, {"gguf", "GGUF", "llama.cpp"}};
    return catalogue;
}

inline PipelineDraft sampleDraft() {
    PipelineDraft draft;
    draft.recipe.calibration.data = "/data/wikitext2-train.txt";
    draft.recipe.methods = {{"second", {}}, {"scaled", {}}, {"plain", {}}};
    draft.recipe.bits = {8, 4, 3, 2};
    draft.recipe.group_sizes = {128};
    draft.recipe.evaluations = {EvaluationRecipe{}};
    draft.recipe.evaluations[0].data = "/data/wikitext2-test.txt";
    draft.recipe.evaluate_original = true;
    draft.recipe.exports = {{"gptq", {}, {}}, {"gguf", {}, {}}};
    return draft;
}

}  // namespace quantoscope
