// A decoder block made of plain data, so that methods can be tested without a model file.
#pragma once

#include <QtGlobal>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/calibration/site_statistics.h"
#include "core/methods/method.h"

namespace quantoscope::test {

/// u(i, j, a) of the reference documents: ((7919 i + 104729 j + 1299709 a) mod 2003) / 2003 - 0.5, rounded to float32.
inline float testNumber(std::int64_t i, std::int64_t j, std::int64_t a, double factor = 1.0) {
    const auto remainder = (7919 * i + 104729 * j + 1299709 * a) % 2003;
    return static_cast<float>((static_cast<double>(remainder) / 2003.0 - 0.5) * factor);
}

inline Matrix testMatrix(std::int64_t rows, std::int64_t columns, std::int64_t a, double factor = 1.0) {
    Matrix matrix(rows, columns);
    for (std::int64_t i = 0; i < rows; ++i)
        for (std::int64_t j = 0; j < columns; ++j) matrix.at(i, j) = testNumber(i, j, a, factor);
    return matrix;
}

/// Weights are what the test puts in; statistics come from inputs the test gives per site. replace() is remembered.
class MemoryBlock final : public BlockContext {
public:
    ModelConfig configuration;
    std::map<LinearRole, Matrix> weights;
    std::map<InputSite, SiteStatistics> site_statistics;
    std::map<LinearRole, Matrix> replaced;
    std::vector<float> input_norm;
    std::vector<float> post_attention_norm;
    std::map<InputSite, std::vector<Matrix>> inputs;  ///< by sequence: what observe() shows
    std::int64_t index = 0;
    Gpu* device = nullptr;
    std::map<LinearRole, std::int64_t> bits;  ///< linears with bits of their own; 0: left as they are

    /// Every linear of a small model (hidden 16, intermediate 24, 2 heads, 1 key/value head) from testMatrix.
    static MemoryBlock small();
    /// Statistics of a site from sequences of rows, each tokens x columns.
    void setInputs(InputSite site, const std::vector<Matrix>& sequences);

    const ModelConfig& config() const override { return configuration; }
    std::int64_t blockIndex() const override { return index; }
    Precision precision() const override { return Precision::float32; }
    Gpu* gpu() const override { return device; }
    std::int64_t linearBits(LinearRole role, std::int64_t otherwise) const override {
        const auto found = bits.find(role);
        return found == bits.end() ? otherwise : found->second;
    }
    Result<Matrix> weight(LinearRole role) override;
    Result<std::vector<float>> inputNorm() override { return input_norm; }
    Result<std::vector<float>> postAttentionNorm() override { return post_attention_norm; }
    Result<const SiteStatistics*> statistics(InputSite site, JobContext& job) override;
    Status replace(LinearRole role, const Matrix& weight) override;
    InputShape inputShape() const override { return {kSequences, kTokens}; }
    Status observe(const SiteObserver& observer, JobContext& job) override;

    static constexpr std::int64_t kSequences = 2;
    static constexpr std::int64_t kTokens = 20;
};

inline MemoryBlock MemoryBlock::small() {
    MemoryBlock block;
    auto& config = block.configuration;
    config.architecture = "llama";
    config.hidden_size = 16;
    config.intermediate_size = 24;
    config.block_count = 1;
    config.head_count = 2;
    config.kv_head_count = 1;
    config.head_dim = 8;
    config.vocab_size = 32;
    config.context_length = 64;
    std::int64_t seed = 1;
    for (const auto role : kLinearRoles)
        block.weights[role] = testMatrix(linearRows(config, role), linearColumns(config, role), seed++, 0.5);
    block.input_norm.assign(16, 1.0F);
    block.post_attention_norm.assign(16, 1.0F);
    for (const auto site : kInputSites)
        block.setInputs(site, {testMatrix(kTokens, siteColumns(config, site), 20 + seed),
                               testMatrix(kTokens, siteColumns(config, site), 30 + seed)});
    return block;
}

inline void MemoryBlock::setInputs(InputSite site, const std::vector<Matrix>& sequences) {
    SiteStatisticsAccumulator accumulator(sequences.front().columns);
    std::int64_t index_of_sequence = 0;
    for (const auto& x : sequences) {
        SiteInput rows{site, index_of_sequence++, x.rows, x.columns, x.values.data(), nullptr};
        if (!accumulator.add(rows, JobContext()).has_value()) qFatal("a test's inputs do not fit");
    }
    site_statistics[site] = accumulator.finish(static_cast<std::int64_t>(sequences.size()));
    inputs[site] = sequences;
}

inline Status MemoryBlock::observe(const SiteObserver& observer, JobContext& job) {
    QS_TRY(job.checkStop());
    for (const auto& [site, sequences] : inputs)
        for (std::size_t i = 0; i < sequences.size(); ++i) {
            const auto& x = sequences[i];
            QS_TRY(observer({site, static_cast<std::int64_t>(i), x.rows, x.columns, x.values.data(), nullptr}));
        }
    return {};
}

inline Result<Matrix> MemoryBlock::weight(LinearRole role) {
    const auto found = weights.find(role);
    if (found == weights.end()) return failure("the test block lacks " + linearPath(index, role));
    return found->second;
}

inline Result<const SiteStatistics*> MemoryBlock::statistics(InputSite site, JobContext& job) {
    QS_TRY(job.checkStop());
    const auto found = site_statistics.find(site);
    if (found == site_statistics.end()) return failure("this method needs calibration data");
    return &found->second;
}

inline Status MemoryBlock::replace(LinearRole role, const Matrix& weight) {
    replaced[role] = weight;
    return {};
}

/// Complete options of a method: its defaults with these changes.
inline OptionValues optionsOf(const MethodDescription& method, const OptionValues& changes) {
    const auto complete = completeOptions(method.options, changes);
    if (!complete.has_value()) qFatal("%s", complete.error().message.c_str());
    return *complete;
}

}  // namespace quantoscope::test
