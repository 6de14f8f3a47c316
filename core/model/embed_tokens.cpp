#include <algorithm>
#include <string>

#include "core/model/language_model.h"

namespace quantoscope {
namespace {

constexpr const char* kEmbedding = "model.embed_tokens.weight";

Status checkIds(std::span<const std::vector<std::int32_t>> sequences, std::int64_t vocab_size) {
    const auto length = sequences.front().size();
    for (const auto& sequence : sequences) {
        if (sequence.size() != length) return failure("sequences of different lengths cannot be embedded together");
        for (const auto id : sequence)
            if (id < 0 || id >= vocab_size)
                return failure("token id " + std::to_string(id) + " is outside the model's vocabulary of " +
                               std::to_string(vocab_size) + "; the tokenizer does not belong to this model");
    }
    return {};
}

/// One place a row goes to.
struct Place {
    std::int32_t id;
    std::int64_t token;
};

}  // namespace

Result<Activations> embedTokens(const WeightSource& weights, std::span<const std::vector<std::int32_t>> sequences) {
    const auto& config = weights.config();
    if (sequences.empty()) return Activations(0, 0, config.hidden_size);
    QS_TRY(checkIds(sequences, config.vocab_size));
    const auto length = static_cast<std::int64_t>(sequences.front().size());
    Activations result(static_cast<std::int64_t>(sequences.size()), length, config.hidden_size);
    std::vector<Place> places;
    places.reserve(sequences.size() * static_cast<std::size_t>(length));
    for (const auto& sequence : sequences)
        for (const auto id : sequence) places.push_back({id, static_cast<std::int64_t>(places.size())});
    // Sorted, every row is read once however often its token occurs.
    std::ranges::sort(places,
                      [](const Place& a, const Place& b) { return a.id != b.id ? a.id < b.id : a.token < b.token; });
    const auto width = static_cast<std::size_t>(config.hidden_size);
    const auto row = [&](std::int64_t token) {
        return std::span<float>(result.values).subspan(static_cast<std::size_t>(token) * width, width);
    };
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (i > 0 && places[i].id == places[i - 1].id)
            std::ranges::copy(row(places[i - 1].token), row(places[i].token).begin());
        else
            QS_TRY(weights.readRows(kEmbedding, places[i].id, 1, row(places[i].token)));
    }
    return result;
}

}  // namespace quantoscope
