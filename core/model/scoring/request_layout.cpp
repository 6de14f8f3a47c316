#include "core/model/scoring/request_layout.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace quantoscope {
namespace {

constexpr std::int64_t kPackTokens = 2048;
constexpr std::int64_t kTrunksPerSequence =
    4;  // a long trunk is worth longer packs: at most a quarter is computed again

std::int64_t sharedTokens(std::span<const TokenRequest> group) {
    const auto& first = group.front().ids;
    auto shared = first.size();
    for (const auto& request : group) {
        const auto end = std::min(shared, request.ids.size());
        shared = static_cast<std::size_t>(
            std::mismatch(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(end), request.ids.begin()).first -
            first.begin());
    }
    return static_cast<std::int64_t>(shared);
}

class Layout {
public:
    void addGroup(std::span<const TokenRequest> group) {
        const auto trunk = sharedTokens(group);
        const auto limit = std::max(kPackTokens, kTrunksPerSequence * trunk);
        std::size_t begin = 0;
        while (begin < group.size()) {
            auto tokens = trunk;
            auto end = begin;
            do tokens += std::ssize(group[end++].ids) - trunk;
            while (end < group.size() && tokens + std::ssize(group[end].ids) - trunk <= limit);
            addSequence(group.subspan(begin, end - begin), trunk, tokens);
            begin = end;
        }
    }
    RequestLayout take() { return std::move(layout_); }

private:
    void addSequence(std::span<const TokenRequest> requests, std::int64_t trunk, std::int64_t tokens) {
        auto& packs = layout_.packs;
        if (packs.empty() || packs.back().tokens + tokens > kPackTokens) {
            packs.emplace_back();
            packs.back().first_token = std::ssize(layout_.ids);
            packs.back().first_row = layout_.rows.size();
        }
        auto& pack = packs.back();
        const auto first = std::ssize(layout_.ids);
        kernels::BranchedSequence sequence{first - pack.first_token, trunk, {}};
        addTokens(requests.front(), 0, trunk);
        for (const auto& request : requests) {
            addRows(request, first, std::ssize(layout_.ids), trunk);
            addTokens(request, trunk, std::ssize(request.ids));
            sequence.branches.push_back(std::ssize(request.ids) - trunk);
        }
        pack.sequences.push_back(std::move(sequence));
        pack.tokens = std::ssize(layout_.ids) - pack.first_token;
        pack.rows = layout_.rows.size() - pack.first_row;
    }

    void addTokens(const TokenRequest& request, std::int64_t begin, std::int64_t end) {
        layout_.ids.insert(layout_.ids.end(), request.ids.begin() + begin, request.ids.begin() + end);
        const auto first = layout_.positions.size();
        layout_.positions.resize(layout_.ids.size());
        std::iota(layout_.positions.begin() + static_cast<std::ptrdiff_t>(first), layout_.positions.end(),
                  static_cast<std::int32_t>(begin));
        layout_.longest = std::max(layout_.longest, end);
    }

    void addRows(const TokenRequest& request, std::int64_t trunk_token, std::int64_t branch_token, std::int64_t trunk) {
        for (const auto& scored : request.scored) {
            layout_.rows.push_back(scored.position < trunk ? trunk_token + scored.position
                                                           : branch_token + scored.position - trunk);
            layout_.targets.push_back(scored.target);
        }
    }

    RequestLayout layout_;
};

}  // namespace

Status checkRequests(std::span<const TokenRequest> requests, const ModelConfig& config) {
    for (const auto& request : requests) {
        if (request.ids.empty()) return failure("there is nothing to read before the tokens to be scored");
        for (const auto& scored : request.scored) {
            if (scored.position < 0 || scored.position >= std::ssize(request.ids))
                return failure("a token to be scored lies outside its text");
            if (scored.target < 0 || scored.target >= config.vocab_size)
                return failure("token id " + std::to_string(scored.target) + " is outside the model's vocabulary of " +
                               std::to_string(config.vocab_size) + "; the tokenizer does not belong to this model");
        }
    }
    return {};
}

RequestLayout layOut(std::span<const TokenRequest> requests) {
    Layout layout;
    while (!requests.empty()) {
        const auto other = std::ranges::find_if(
            requests, [&](const TokenRequest& request) { return request.group != requests.front().group; });
        const auto count = static_cast<std::size_t>(other - requests.begin());
        layout.addGroup(requests.first(count));
        requests = requests.subspan(count);
    }
    return layout.take();
}

}  // namespace quantoscope
