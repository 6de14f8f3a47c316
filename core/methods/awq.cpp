#include "core/methods/awq.h"

#include <algorithm>
#include <new>

#include "core/base/option_rows.h"
#include "core/methods/awq_inputs.h"
#include "core/methods/awq_search.h"
#include "core/methods/gpu/awq_on_gpu.h"
#include "core/methods/grid_options.h"
#include "kernels/awq_search/awq_search.h"
#include "kernels/gram/gram.h"

namespace quantoscope {
namespace {

std::size_t at(LinearRole role) {
    return static_cast<std::size_t>(role);
}
std::size_t at(InputSite site) {
    return static_cast<std::size_t>(site);
}

constexpr const char* kModules = "modules";
constexpr const char* kLinears = "linears";

void multiplyColumns(Matrix& weight, const std::vector<float>& scale) {
    for (std::int64_t i = 0; i < weight.rows; ++i) {
        const auto row = weight.row(i);
        for (std::size_t j = 0; j < row.size(); ++j) row[j] *= scale[j];
    }
}
void divideRows(Matrix& weight, const std::vector<float>& scale) {
    for (std::int64_t i = 0; i < weight.rows; ++i)
        for (auto& value : weight.row(i)) value /= scale[static_cast<std::size_t>(i)];
}
void divideColumns(Matrix& values, const std::vector<float>& scale) {
    for (std::int64_t i = 0; i < values.rows; ++i) {
        const auto row = values.row(i);
        for (std::size_t j = 0; j < row.size(); ++j) row[j] /= scale[j];
    }
}

/// Gram matrices of every group of columns over the sampled tokens, behind one another.
Result<std::vector<float>> groupGrams(const Matrix& samples, std::int64_t group_size, const JobContext& job) {
    const auto groups = (samples.columns + group_size - 1) / group_size;
    std::vector<float> grams(static_cast<std::size_t>(groups * group_size * group_size), 0.0F);
    std::vector<float> part;
    for (std::int64_t g = 0; g < groups; ++g) {
        const auto first = g * group_size;
        const auto width = std::min(group_size, samples.columns - first);
        part.resize(static_cast<std::size_t>(samples.rows * width));
        for (std::int64_t t = 0; t < samples.rows; ++t)
            std::copy_n(samples.row(t).data() + first, width, part.data() + t * width);
        float* const gram = grams.data() + g * group_size * group_size;
        QS_TRY(kernelStatus(kernels::gramAdd(part.data(), samples.rows, width, gram, job.stopToken()),
                            "searching clip limits"));
        kernels::gramMirror(gram, width);
    }
    return grams;
}

class BlockQuantizer {
public:
    BlockQuantizer(BlockContext& block, const OptionValues& options, JobContext& job)
        : block_(block), options_(options), job_(job) {
        const auto grid = gridOptions(options, kernels::GridRange::as_is);
        for (const auto role : kLinearRoles) {
            const auto own = linearGrid(block, role, grid);
            changes_[at(role)] = own.has_value();
            grids_[at(role)] = own.value_or(grid);
        }
    }

    Result<QuantizedBlock> run() {
        QS_TRY(readWeights());
        const auto& v = weights_[at(LinearRole::v_proj)];
        const auto& o = weights_[at(LinearRole::o_proj)];
        scale_o_ =
            v.rows == o.rows && v.columns == o.columns && changes(LinearRole::v_proj) && changes(LinearRole::o_proj);
        job_.report("Gathering inputs of block " + std::to_string(block_.blockIndex()), 0.0);
        QS_ASSIGN(inputs_, gatherAwqInputs(block_, integerOption(options_, "clip_tokens"), byModules(), job_));
        QS_TRY(searchScales());
        fold();
        if (booleanOption(options_, "clip")) QS_TRY(clip());
        return round();
    }

private:
    /// A linear that stays as it is can take no scale into its columns, nor give one from its rows.
    bool changes(LinearRole role) const { return changes_[at(role)]; }
    bool byModules() const { return textOption(options_, "scale_search") == kModules; }
    bool allChange(std::initializer_list<LinearRole> roles) const {
        return std::ranges::all_of(roles, [this](LinearRole role) { return changes(role); });
    }

    Status readWeights() {
        for (const auto role : kLinearRoles) {
            QS_ASSIGN(weights_[at(role)], block_.weight(role));
            QS_TRY(checkWeight(weights_[at(role)], linearPath(block_.blockIndex(), role)));
        }
        QS_ASSIGN(input_norm_, block_.inputNorm());
        QS_ASSIGN(post_attention_norm_, block_.postAttentionNorm());
        return {};
    }

    Status searchScales() {
        const AwqProblem problem{block_.config(), weights_, inputs_, grids_, options_, job_};
        using enum LinearRole;
        if (allChange({q_proj, k_proj, v_proj}))
            QS_TRY(search(problem, {q_proj, k_proj, v_proj}, byModules() ? awqAttention(problem) : nullptr, 0.1));
        if (scale_o_) QS_TRY(search(problem, {o_proj}, nullptr, 0.35));
        if (allChange({gate_proj, up_proj}))
            QS_TRY(search(problem, {gate_proj, up_proj}, byModules() ? awqMlp(problem) : nullptr, 0.4));
        if (!allChange({up_proj, down_proj})) return {};
        return search(problem, {down_proj}, nullptr, 0.75);
    }

    /// By the module's output, or without one by those of the linears.
    Status search(const AwqProblem& problem, const std::vector<LinearRole>& roles, std::unique_ptr<AwqModule> module,
                  double fraction) {
        const TimedPhase timed(job_.times(), "scale search");
        job_.report(stageText("Searching scales of", block_.blockIndex(), roles.front()), fraction);
        const auto site = at(inputSite(roles.front()));
        const auto ratios = integerOption(options_, "n_grid");
        QS_ASSIGN(scales_[site], module ? searchScale(*module, inputs_.statistics[site]->mean_absolute, ratios, job_)
                                        : searchLinearsScale(problem, roles, ratios));
        return {};
    }

    /// Scales go into the consumers' columns and out of what produces their input.
    void fold() {
        const auto& attention = scales_[at(InputSite::attention_input)];
        const auto& attended = scales_[at(InputSite::attention_output)];
        const auto& mlp = scales_[at(InputSite::mlp_input)];
        const auto& hidden = scales_[at(InputSite::mlp_hidden)];
        for (std::size_t j = 0; j < attention.size(); ++j) input_norm_[j] /= attention[j];
        for (std::size_t j = 0; j < mlp.size(); ++j) post_attention_norm_[j] /= mlp[j];
        for (const auto role : kLinearRoles)
            if (const auto& scale = scales_[at(inputSite(role))]; !scale.empty())
                multiplyColumns(weights_[at(role)], scale);
        if (scale_o_) divideRows(weights_[at(LinearRole::v_proj)], attended);
        if (!hidden.empty()) divideRows(weights_[at(LinearRole::up_proj)], hidden);
        for (const auto site : kInputSites)
            if (!scales_[at(site)].empty()) divideColumns(inputs_.samples[at(site)], scales_[at(site)]);
    }

    Status clip() {
        const TimedPhase timed(job_.times(), "clip search");
        constexpr std::array kClipped{LinearRole::v_proj, LinearRole::o_proj, LinearRole::gate_proj,
                                      LinearRole::up_proj, LinearRole::down_proj};
        const auto steps = integerOption(options_, "clip_n_grid");
        const auto shrink = realOption(options_, "max_shrink");
        const kernels::ClipGrid grid{
            steps, std::max<std::int64_t>(1, static_cast<std::int64_t>(shrink * static_cast<double>(steps)))};
        for (const auto role : kClipped) {
            if (!changes(role)) continue;
            job_.report(stageText("Searching clip limits of", block_.blockIndex(), role), 0.85);
            QS_TRY(job_.checkStop());
            auto& weight = weights_[at(role)];
            const kernels::GroupedMatrix shape{weight.rows, weight.columns, groupColumns(options_, weight.columns),
                                               weight.columns};
            const bool known = role == LinearRole::up_proj && changes(LinearRole::gate_proj);
            if (!known) {  // gate and up see the same tokens
                QS_ASSIGN(grams_, groupGrams(inputs_.samples[at(inputSite(role))], shape.group_size, job_));
            }
            QS_TRY(clipLinear(weight, shape, grids_[at(role)], grid));
        }
        return {};
    }

    Status clipLinear(Matrix& weight, const kernels::GroupedMatrix& shape, const kernels::GridOptions& grid,
                      const kernels::ClipGrid& clip) {
        if (auto* const gpu = block_.gpu(); gpu != nullptr) {
            QS_ASSIGN(const bool clipped, clipOnGpu(*gpu, weight, shape, grid, clip, grams_, job_));
            if (clipped) return {};
            gpu->note("The GPU has no room for AWQ's clip search: it is done on the CPU.");
        }
        Matrix limits(weight.rows, shape.groupCount());
        QS_TRY(kernelStatus(kernels::findClipLimits(weight.values.data(), shape, grid, clip, grams_.data(),
                                                    limits.values.data(), job_.stopToken()),
                            "searching clip limits"));
        kernels::clampToLimits(weight.values.data(), shape, limits.values.data());
        return {};
    }

    Result<QuantizedBlock> round() {
        const TimedPhase timed(job_.times(), "rounding");
        QuantizedBlock result;
        for (const auto role : kLinearRoles) {
            auto& weight = weights_[at(role)];
            if (!changes(role)) continue;
            QS_ASSIGN(auto tensor, roundToNearest(weight, grids_[at(role)], groupColumns(options_, weight.columns),
                                                  linearPath(block_.blockIndex(), role), job_, block_.gpu()));
            tensor.input_scale = scales_[at(inputSite(role))];
            if (role == LinearRole::v_proj && scale_o_) tensor.output_scale = scales_[at(InputSite::attention_output)];
            if (role == LinearRole::up_proj) tensor.output_scale = scales_[at(InputSite::mlp_hidden)];
            result.linears[at(role)] = std::move(tensor);
            weight = Matrix();
        }
        result.vectors[inputNormName(block_.blockIndex())] = std::move(input_norm_);
        result.vectors[postAttentionNormName(block_.blockIndex())] = std::move(post_attention_norm_);
        return result;
    }

    BlockContext& block_;
    const OptionValues& options_;
    JobContext& job_;
    std::array<kernels::GridOptions, 7> grids_;  // by LinearRole
    std::array<bool, 7> changes_{};              // by LinearRole; false: stays as it is
    bool scale_o_ = false;
    std::array<Matrix, 7> weights_;
    std::vector<float> input_norm_;
    std::vector<float> post_attention_norm_;
    AwqInputs inputs_;
    std::array<std::vector<float>, 4> scales_;  // by InputSite; empty: not scaled
    std::vector<float> grams_;
};

Result<QuantizedBlock> quantizeBlock(BlockContext& block, const OptionValues& options, JobContext& job) try {
    if (textOption(options, "scale_search") == kModules) noteComputedOnCpu(block, "AWQ's search by modules");
    return BlockQuantizer(block, options, job).run();
} catch (const std::bad_alloc&) {
    return failure("not enough memory to search AWQ scales of block " + std::to_string(block.blockIndex()) +
                   "; use fewer calibration samples");
}

OptionDescription scaleSearchOption() {
    auto option = choiceOptionRow(
        "scale_search", "Scales judged by", kModules, {kModules, kLinears},
        "The output of the whole attention or MLP, as the original does it; or the outputs of the linears that take "
        "the scales, which is several times faster and can be computed on a GPU.");
    option.added_later = true;
    return option;
}

std::vector<OptionDescription> optionRows() {
    return {bitsOption(),
            groupSizeOption(),
            symmetricOption("Zero point fixed in the middle of the codes."),
            scaleDtypeOption(),
            integerOptionRow("n_grid", "Scale candidates", {20, 1, 100}, "",
                             "How many powers of the mean input, from 0 to just below 1, are tried as channel scales."),
            scaleSearchOption(),
            booleanOptionRow("clip", "Clip weights", true,
                             "Shrinks each group's range where that lowers the output error."),
            integerOptionRow("clip_n_grid", "Clip steps", {20, 2, 100}, "",
                             "Into how many steps the range is cut in the clip search."),
            realOptionRow("max_shrink", "Largest shrinkage", {0.5, 0.05, 0.95}, "",
                          "Part of the range that the clip search may take away."),
            integerOptionRow("clip_tokens", "Clip tokens", {512, 1, 65536}, "tokens",
                             "About how many calibration tokens the clip search looks at.")};
}

}  // namespace

MethodDescription awqMethod() {
    MethodDescription method;
    method.id = "awq";
    method.label = "AWQ";
    method.summary =
        "Scales important input channels up before rounding and clips each group, both by search on calibration data.";
    method.source = "Lin et al., arXiv 2306.00978; mit-han-lab/llm-awq";
    method.options = optionRows();
    method.propagation = Propagation::full_precision;
    method.hue = "#2a9d6f";
    // Measured with 20 candidates, which race: 9.2 passes for the scales (by linears 2.4), 0.8 for the clip limits.
    method.search_cost = [](const OptionValues& options) {
        const double passes = textOption(options, "scale_search") == kModules ? 9.2 : 2.4;
        return SearchCost{0.8 + passes * static_cast<double>(integerOption(options, "n_grid")) / 20.0, false};
    };
    method.quantize_block = quantizeBlock;
    return method;
}

}  // namespace quantoscope
