#include <algorithm>
#include <cstring>
#include <type_traits>

#include "core/model/block_state.h"
#include "core/model/kernel_result.h"
#include "kernels/attention/attention.h"
#include "kernels/convert_float/convert_float.h"
#include "kernels/rms_norm/rms_norm.h"
#include "kernels/silu_multiply/silu_multiply.h"

namespace quantoscope {
namespace {

using kernels::MatmulOutput;

void place(const float* from, std::int64_t count, float* to) {
    std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof(float));
}
void place(const float* from, std::int64_t count, std::uint16_t* to) {
    kernels::floatToBfloat16(from, to, static_cast<std::size_t>(count));
}

template <typename Element>
class Run {
public:
    Run(const BlockWeights& weights, const BlockPass& pass, BlockMemory<Element>& memory)
        : weights_(weights), config_(weights.config), pass_(pass), memory_(memory), tokens_(pass.tokens()) {}

    Status attention() {
        normalise(pass_.input, weights_.input_norm);
        if (pass_.residual != pass_.input) place(pass_.input, tokens_ * config_.hidden_size, pass_.residual);
        QS_TRY(observe(InputSite::attention_input, memory_.normed.data(), config_.hidden_size));
        if (done(InputSite::attention_input)) return {};
        QS_TRY(projectAndRotate());
        QS_TRY(attend());
        QS_TRY(observe(InputSite::attention_output, memory_.attended.data(), queryWidth()));
        if (done(InputSite::attention_output)) return {};
        return product(LinearRole::o_proj, memory_.attended.data(), tokens_, pass_.residual, MatmulOutput::add);
    }

    Status mlp() {
        if (done(InputSite::attention_output)) return {};
        normalise(pass_.residual, weights_.post_attention_norm);
        QS_TRY(observe(InputSite::mlp_input, memory_.normed.data(), config_.hidden_size));
        if (done(InputSite::mlp_input)) return {};
        QS_TRY(gateAndUp());
        QS_TRY(observe(InputSite::mlp_hidden, memory_.hidden.data(), config_.intermediate_size));
        if (!pass_.whole) return {};
        return product(LinearRole::down_proj, memory_.hidden.data(), tokens_, pass_.residual, MatmulOutput::add);
    }

private:
    std::int64_t queryWidth() const { return config_.head_count * config_.head_dim; }
    std::int64_t keyWidth() const { return config_.kv_head_count * config_.head_dim; }
    bool done(InputSite site) const { return !pass_.whole && pass_.last_site && *pass_.last_site <= site; }

    void normalise(const float* x, const std::vector<float>& weight) {
        kernels::rmsNorm(x, weight.data(), static_cast<float>(config_.rms_norm_eps), tokens_, config_.hidden_size,
                         memory_.normed.data());
    }

    Status observe(InputSite site, const Element* values, std::int64_t columns) const {
        if (pass_.observer == nullptr || !*pass_.observer || (pass_.last_site && site > *pass_.last_site)) return {};
        SiteInput input{.site = site, .first_sequence = pass_.first_sequence, .rows = tokens_, .columns = columns};
        if constexpr (std::is_same_v<Element, float>)
            input.float32 = values;
        else
            input.bfloat16 = values;
        return (*pass_.observer)(input);
    }

    Status product(LinearRole role, const Element* x, std::int64_t tokens, float* y,
                   MatmulOutput output = MatmulOutput::store) const {
        return kernelResult(
            kernels::matmul(x, tokens, weights_.linears[static_cast<std::size_t>(role)], y, output, pass_.stop),
            std::string(linearName(role)));
    }

    Status projectAndRotate() {
        float* const wide = memory_.first.data();
        for (std::int64_t t = 0; t < tokens_; t += kTokenTile) {
            const auto count = std::min(kTokenTile, tokens_ - t);
            const Element* x = memory_.normed.data() + t * config_.hidden_size;
            QS_TRY(product(LinearRole::q_proj, x, count, wide));
            rotate(wide, t, count, config_.head_count, memory_.q.data() + t * queryWidth());
            QS_TRY(product(LinearRole::k_proj, x, count, wide));
            rotate(wide, t, count, config_.kv_head_count, memory_.k.data() + t * keyWidth());
            QS_TRY(product(LinearRole::v_proj, x, count, wide));
            place(wide, count * keyWidth(), memory_.v.data() + t * keyWidth());
        }
        return {};
    }

    void rotate(const float* x, std::int64_t first, std::int64_t count, std::int64_t heads, Element* y) const {
        const auto stride = heads * config_.head_dim;
        kernels::rotaryEmbedding(x, stride, count, heads, *pass_.rotary, y, stride, first);
    }

    Status attend() {
        kernels::AttentionShape shape{.sequence_count = pass_.sequences,
                                      .query_count = pass_.length,
                                      .key_count = pass_.length,
                                      .head_count = config_.head_count,
                                      .kv_head_count = config_.kv_head_count,
                                      .head_dim = config_.head_dim};
        const Element* q = memory_.q.data();
        const Element* k = memory_.k.data();
        const Element* v = memory_.v.data();
        Element* const out = memory_.attended.data();
        if (!pass_.branched.empty())
            return kernelResult(kernels::attention(shape, pass_.branched, q, k, v, out, pass_.stop), "attention");
        if (pass_.cache == nullptr)
            return kernelResult(kernels::attention(shape, q, k, v, out, pass_.stop), "attention");
        pass_.cache->panels.append(k, 0, v, 0, pass_.length);
        return kernelResult(kernels::attention(shape, q, pass_.cache->panels, out, pass_.stop), "attention");
    }

    Status gateAndUp() {
        const auto width = config_.intermediate_size;
        for (std::int64_t t = 0; t < tokens_; t += kTokenTile) {
            const auto count = std::min(kTokenTile, tokens_ - t);
            const Element* x = memory_.normed.data() + t * config_.hidden_size;
            QS_TRY(product(LinearRole::gate_proj, x, count, memory_.first.data()));
            QS_TRY(product(LinearRole::up_proj, x, count, memory_.second.data()));
            kernels::siluMultiply(memory_.first.data(), memory_.second.data(), count * width,
                                  memory_.hidden.data() + t * width);
        }
        return {};
    }

    const BlockWeights& weights_;
    const ModelConfig& config_;
    const BlockPass& pass_;
    BlockMemory<Element>& memory_;
    std::int64_t tokens_;
};

}  // namespace

template <typename Element>
bool BlockMemory<Element>::reserve(const ModelConfig& config, std::int64_t tokens) {
    const auto tile = std::min(tokens, kTokenTile);
    const auto query = config.head_count * config.head_dim;
    const auto key = config.kv_head_count * config.head_dim;
    return normed.reserve(tokens * config.hidden_size) && q.reserve(tokens * query) && k.reserve(tokens * key) &&
           v.reserve(tokens * key) && attended.reserve(tokens * query) &&
           hidden.reserve(tokens * config.intermediate_size) &&
           first.reserve(tile * std::max(query, config.intermediate_size)) &&
           second.reserve(tile * config.intermediate_size);
}

template <typename Element>
Status runBlock(const BlockWeights& weights, const BlockPass& pass, BlockMemory<Element>& memory) {
    if (!memory.reserve(weights.config, pass.tokens()))
        return failure("not enough memory for " + std::to_string(pass.tokens()) +
                       " tokens; take shorter sequences or close other programs");
    Run<Element> run(weights, pass, memory);
    QS_TRY(run.attention());
    return run.mlp();
}

template struct BlockMemory<float>;
template struct BlockMemory<std::uint16_t>;
template Status runBlock(const BlockWeights&, const BlockPass&, BlockMemory<float>&);
template Status runBlock(const BlockWeights&, const BlockPass&, BlockMemory<std::uint16_t>&);

}  // namespace quantoscope
