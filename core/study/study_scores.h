// The numbers of the study that Quantoscope reproduces, to stand beside ours where model and setting are the same.
// Source: Huang et al., "An Empirical Study of LLaMA3 Quantization: From LLMs to MLLMs" (2024), Tables 1 to 12.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/model_config.h"
#include "core/run_store/run_folder.h"

namespace quantoscope {

struct StudyScore {
    int table = 0;
    std::string model;   ///< "LLaMA3-8B"
    std::string method;  ///< as the tables print it: "GPTQ"; "FP16" for the original
    double weight_bits = 16.0;
    double activation_bits = 16.0;
    std::int64_t group_size = -1;  ///< -1: per channel, or not said
    std::string metric;            ///< "wikitext2_ppl", "piqa_acc", "mmlu_stem"
    double value = 0.0;            ///< accuracies in percent
};

/// resources/study/scores.json
Result<std::vector<StudyScore>> readStudyScores(const std::filesystem::path& path);

/// Which of the study's models has this architecture; empty: none. Base models and their fine-tuned variants look
/// alike.
std::string studyModel(const ModelConfig& config);

/// The study's value of a score of ours: the same model, method, bits, group size and benchmark, perplexity over
/// windows of 2048 tokens. Nothing where a run differs in anything else that matters, such as mixed bits.
std::optional<StudyScore> studyScoreOf(const std::vector<StudyScore>& study, const std::string& model,
                                       const ConfigurationInfo& run, const Score& score);

}  // namespace quantoscope
