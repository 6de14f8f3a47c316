#include "core/study/study_scores.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/json.h"
#include "core/methods/method.h"

namespace quantoscope {
namespace {

constexpr std::uint64_t kLargestFile_bytes = std::uint64_t{1} << 20;
constexpr double kFullBits = 16.0;

struct StudyShape {
    const char* name;
    std::int64_t hidden_size;
    std::int64_t block_count;
    std::int64_t intermediate_size;
    std::int64_t vocab_size;
    std::int64_t context_length;
};

constexpr std::array<StudyShape, 4> kShapes{{{"LLaMA3-8B", 4096, 32, 14336, 128256, 8192},
                                             {"LLaMA3-70B", 8192, 80, 28672, 128256, 8192},
                                             {"LLaMA-7B", 4096, 32, 11008, 32000, 2048},
                                             {"LLaMA2-7B", 4096, 32, 11008, 32000, 4096}}};

Result<StudyScore> rowOf(const nlohmann::json& row, const std::string& path) {
    constexpr std::size_t kColumns = 8;
    const auto wrong = [&] { return failure("the study's table is damaged: a row does not fit", path, row.dump()); };
    if (!row.is_array() || row.size() != kColumns) return wrong();
    for (const std::size_t text : {1, 2, 6})
        if (!row[text].is_string()) return wrong();
    for (const std::size_t number : {0, 3, 4, 5, 7})
        if (!row[number].is_number()) return wrong();
    return StudyScore{row[0].get<int>(),         row[1].get<std::string>(), row[2].get<std::string>(),
                      row[3].get<double>(),      row[4].get<double>(),      row[5].get<std::int64_t>(),
                      row[6].get<std::string>(), row[7].get<double>()};
}

/// The study's name of a score of ours; empty where its setting is another.
std::string metricOf(const Score& score) {
    constexpr const char* kCategory = "acc_";
    if (score.metric == "perplexity") {
        const auto window = score.protocol.find("window");
        return window != score.protocol.end() && window->second == "2048" ? score.benchmark + "_ppl" : std::string();
    }
    if (score.benchmark != "mmlu") return score.metric == "acc" ? score.benchmark + "_acc" : std::string();
    if (score.metric == "acc") return "mmlu_average";
    if (!score.metric.starts_with(kCategory)) return {};
    const std::string category = score.metric.substr(std::string_view(kCategory).size());
    return "mmlu_" + category.substr(0, category.find('_'));  // "social_sciences" is "social" there
}

}  // namespace

Result<std::vector<StudyScore>> readStudyScores(const std::filesystem::path& path) {
    QS_ASSIGN(const nlohmann::json content, readJsonFile(path.string(), kLargestFile_bytes));
    const auto rows = content.is_object() ? content.find("rows") : content.end();
    if (!content.is_object() || rows == content.end() || !rows->is_array())
        return failure("the study's table is damaged: it has no rows", path.string());
    std::vector<StudyScore> scores;
    for (const auto& row : *rows) {
        QS_ASSIGN(auto score, rowOf(row, path.string()));
        scores.push_back(std::move(score));
    }
    return scores;
}

std::string studyModel(const ModelConfig& config) {
    const auto found = std::ranges::find_if(kShapes, [&](const StudyShape& shape) {
        return config.hidden_size == shape.hidden_size && config.block_count == shape.block_count &&
               config.intermediate_size == shape.intermediate_size && config.vocab_size == shape.vocab_size &&
               config.context_length == shape.context_length;
    });
    return found == kShapes.end() || config.architecture != "llama" ? std::string() : found->name;
}

std::optional<StudyScore> studyScoreOf(const std::vector<StudyScore>& study, const std::string& model,
                                       const ConfigurationInfo& run, const Score& score) {
    const std::string metric = metricOf(score);
    if (model.empty() || metric.empty() || !run.layer_bits.empty()) return std::nullopt;
    std::string method = "FP16";
    double bits = kFullBits;
    std::int64_t group_size = -1;
    if (!run.method.empty()) {
        const auto known = findMethod(run.method);
        if (!known || !run.options.contains("bits") || !run.options.contains("group_size")) return std::nullopt;
        method = (*known)->label;
        bits = static_cast<double>(integerOption(run.options, "bits"));
        group_size = integerOption(run.options, "group_size");
    }
    const auto found = std::ranges::find_if(study, [&](const StudyScore& row) {
        return row.model == model && row.method == method && row.weight_bits == bits &&
               row.activation_bits == kFullBits && row.group_size == group_size && row.metric == metric;
    });
    return found == study.end() ? std::nullopt : std::optional(*found);
}

}  // namespace quantoscope
