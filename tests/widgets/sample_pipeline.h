// A catalogue and a draft for tests of the pipeline editor and the option form.
#pragma once

#include "core/base/option_rows.h"
#include "widgets/pipeline_editor/pipeline_draft.h"

namespace quantoscope {

inline std::vector<OptionDescription> sampleOptions() {
    return {
        integerOptionRow("bits", "Bits", {4, 2, 8}, "bits", "Width of a code."),
        integerOptionRow("group_size", "Group size", {128, 8, 1024}, "columns", "Columns that share a scale.", {-1}),
        realOptionRow("damping", "Damping", {0.01, 0.0, 1.0}, "of mean diagonal",
                      "Added to the diagonal of the Hessian so that it can be inverted."),
        booleanOptionRow("desc_act", "Order columns by activation", false,
                         "Quantize the columns with the largest inputs first."),
        choiceOptionRow("scale_dtype", "Scales kept as", "float16", {"float16", "float32"},
                        "Type of the stored scales."),
        integerOptionRow("block_columns", "Block of columns", {128, 1, 4096}, "columns",
                         "Columns solved before the rest is updated.")};
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
