// A block's pass over packs of requests of any length.
#include <string>

#include "core/model/block_state.h"
#include "core/model/scoring/request_layout.h"

namespace quantoscope {
namespace {

/// The rows of `all` (positions from 0 on) in the order of a pack's tokens.
kernels::RotaryTable rotaryRows(const kernels::RotaryTable& all, std::span<const std::int32_t> positions) {
    kernels::RotaryTable rows;
    rows.half = all.half;
    rows.position_count = static_cast<std::int64_t>(positions.size());
    rows.cosine.reserve(positions.size() * static_cast<std::size_t>(all.half));
    rows.sine.reserve(positions.size() * static_cast<std::size_t>(all.half));
    for (const auto position : positions) {
        const auto first = position * all.half;
        rows.cosine.insert(rows.cosine.end(), all.cosine.begin() + first, all.cosine.begin() + first + all.half);
        rows.sine.insert(rows.sine.end(), all.sine.begin() + first, all.sine.begin() + first + all.half);
    }
    return rows;
}

template <typename Element>
Status forwardEach(const BlockWeights& weights, std::span<float> hidden, const RequestLayout& layout,
                   std::span<const TokenPack> packs, const kernels::RotaryTable& rotary, const std::string& stage,
                   const JobContext& job) {
    BlockMemory<Element> memory;
    for (std::size_t i = 0; i < packs.size(); ++i) {
        QS_TRY(job.checkStop());
        job.report(stage, static_cast<double>(i) / static_cast<double>(packs.size()));
        const auto& pack = packs[i];
        const auto table = rotaryRows(
            rotary, std::span(layout.positions)
                        .subspan(static_cast<std::size_t>(pack.first_token), static_cast<std::size_t>(pack.tokens)));
        BlockPass pass;
        pass.input = pass.residual =
            hidden.data() + (pack.first_token - packs.front().first_token) * weights.config.hidden_size;
        pass.length = pack.tokens;
        pass.rotary = &table;
        pass.branched = pack.sequences;
        pass.stop = job.stopToken();
        QS_TRY(runBlock(weights, pass, memory));
    }
    return {};
}

}  // namespace

Status DecoderBlock::forwardPacks(std::span<float> hidden, const RequestLayout& layout,
                                  std::span<const TokenPack> packs, const kernels::RotaryTable& rotary,
                                  const JobContext& job) const {
    const auto last = packs.empty() ? 0 : packs.back().first_token + packs.back().tokens - packs.front().first_token;
    if (std::ssize(hidden) != last * state_->weights.config.hidden_size || rotary.position_count < layout.longest)
        return failure("the hidden states do not belong to the requests that are to be scored");
    auto* run = state_->precision == Precision::float32 ? forwardEach<float> : forwardEach<std::uint16_t>;
    const auto stage =
        "Block " + std::to_string(state_->index + 1) + " of " + std::to_string(state_->weights.config.block_count);
    return run(state_->weights, hidden, layout, packs, rotary, stage, job);
}

}  // namespace quantoscope
