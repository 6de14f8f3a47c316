#include "core/methods/awq_inputs.h"

#include <algorithm>
#include <new>

#include "kernels/convert_float/convert_float.h"

namespace quantoscope {
namespace {

class Gatherer {
public:
    Gatherer(const ModelConfig& config, BlockContext::InputShape shape, std::int64_t sample_tokens, bool keep_inputs)
        : keep_inputs_(keep_inputs),
          stride_(std::max<std::int64_t>(1, shape.sequence_count * shape.sequence_length / sample_tokens)) {
        inputs_.sequence_count = shape.sequence_count;
        inputs_.sequence_length = shape.sequence_length;
        const auto tokens = inputs_.tokens();
        for (const auto site : kInputSites)
            inputs_.samples[static_cast<std::size_t>(site)] =
                Matrix((tokens + stride_ - 1) / stride_, siteColumns(config, site));
        if (!keep_inputs) return;
        const auto size = static_cast<std::size_t>(tokens * config.hidden_size);
        inputs_.attention_input.resize(size);
        inputs_.mlp_input.resize(size);
    }

    Status add(const SiteInput& input) {
        const auto first_token = input.first_sequence * inputs_.sequence_length;
        if (first_token + input.rows > inputs_.tokens())
            return failure("the block reported more inputs than it was given");
        if (keep_inputs_ && input.site == InputSite::attention_input) keep(input, first_token, inputs_.attention_input);
        if (keep_inputs_ && input.site == InputSite::mlp_input) keep(input, first_token, inputs_.mlp_input);
        sample(input, first_token);
        return {};
    }

    AwqInputs finish() { return std::move(inputs_); }

private:
    static void keep(const SiteInput& input, std::int64_t first_token, std::vector<std::uint16_t>& kept) {
        auto* const to = kept.data() + first_token * input.columns;
        const auto count = input.rows * input.columns;
        if (input.bfloat16 != nullptr)
            std::copy_n(input.bfloat16, count, to);
        else
            kernels::floatToBfloat16(input.float32, to, static_cast<std::size_t>(count));
    }

    void sample(const SiteInput& input, std::int64_t first_token) {
        auto& samples = inputs_.samples[static_cast<std::size_t>(input.site)];
        const auto end = first_token + input.rows;
        for (auto token = (first_token + stride_ - 1) / stride_ * stride_; token < end; token += stride_) {
            auto* const to = samples.row(token / stride_).data();
            const auto at = (token - first_token) * input.columns;
            if (input.bfloat16 != nullptr)
                kernels::bfloat16ToFloat(input.bfloat16 + at, to, static_cast<std::size_t>(input.columns));
            else
                std::copy_n(input.float32 + at, input.columns, to);
        }
    }

    bool keep_inputs_;
    std::int64_t stride_;
    AwqInputs inputs_;
};

}  // namespace

Result<AwqInputs> gatherAwqInputs(BlockContext& block, std::int64_t sample_tokens, bool keep_inputs,
                                  JobContext& job) try {
    const auto shape = block.inputShape();
    if (shape.sequence_count < 1 || shape.sequence_length < 1)
        return failure("this method needs calibration data; choose a text for the Calibrate stage");
    Gatherer gatherer(block.config(), shape, sample_tokens, keep_inputs);
    QS_TRY(block.observe([&](const SiteInput& rows) { return gatherer.add(rows); }, job));
    auto inputs = gatherer.finish();
    for (const auto site : kInputSites) {
        QS_ASSIGN(inputs.statistics[static_cast<std::size_t>(site)], block.statistics(site, job));
    }
    return inputs;
} catch (const std::bad_alloc&) {
    return failure("not enough memory to keep the calibration inputs of a block; use fewer or shorter samples");
}

}  // namespace quantoscope
