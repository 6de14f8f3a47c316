#include "core/evaluation/choice/choice_requests.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>

#include "core/evaluation/text_protocol.h"

namespace quantoscope {
namespace {

using Ids = std::vector<std::int32_t>;

struct EncodedChoice {
    Ids ids;  ///< context, continuation
    std::size_t continuation = 0;
};

class ChoiceEncoder {
public:
    ChoiceEncoder(const Tokenizer& tokenizer, ChoiceEncoding encoding, const JobContext& job)
        : tokenizer_(tokenizer), encoding_(encoding), job_(job) {}

    Result<EncodedChoice> encode(const Choice& choice) {
        return encoding_ == ChoiceEncoding::separate ? encodeSeparately(choice) : encodeJointly(choice);
    }

private:
    Result<Ids> idsOf(const std::string& text) const {
        return tokenizer_.encode(text, {.add_special = false, .parse_special = true}, job_);
    }

    /// The choices of a question mostly share their context.
    Status setContext(const std::string& context) {
        if (has_context_ && context == context_) return {};
        QS_ASSIGN(context_ids_, idsOf(context));
        context_ = context;
        has_context_ = true;
        return {};
    }

    Result<EncodedChoice> encodeSeparately(const Choice& choice) {
        QS_TRY(setContext(choice.context));
        QS_ASSIGN(const auto continuation, idsOf(choice.continuation));
        EncodedChoice encoded{context_ids_, continuation.size()};
        encoded.ids.insert(encoded.ids.end(), continuation.begin(), continuation.end());
        return encoded;
    }

    Result<EncodedChoice> encodeJointly(const Choice& choice) {
        const std::string context(strippedRight(choice.context));
        QS_TRY(setContext(context));
        QS_ASSIGN(auto whole, idsOf(choice.context + choice.continuation));
        const auto begin = std::min(context_ids_.size(), whole.size());
        const auto continuation = whole.size() - begin;
        return EncodedChoice{std::move(whole), continuation};
    }

    const Tokenizer& tokenizer_;
    ChoiceEncoding encoding_;
    const JobContext& job_;
    bool has_context_ = false;
    std::string context_;
    Ids context_ids_;
};

TokenRequest requestOf(EncodedChoice encoded, std::int64_t context_length) {
    TokenRequest request;
    auto& ids = encoded.ids;
    if (context_length > 0 && std::ssize(ids) > context_length + 1)
        ids.erase(ids.begin(), ids.end() - (context_length + 1));
    const auto scored = std::min(std::ssize(ids) - 1, static_cast<std::ptrdiff_t>(encoded.continuation));
    for (auto position = std::ssize(ids) - 1 - scored; position + 1 < std::ssize(ids); ++position)
        request.scored.push_back({position, ids[static_cast<std::size_t>(position) + 1]});
    ids.pop_back();
    request.ids = std::move(ids);
    return request;
}

/// A prompt with as many solved examples as fit, and the four letters as candidates for what comes next: one request.
class LetterEncoder {
public:
    LetterEncoder(const Tokenizer& tokenizer, ChoiceEncoding encoding, std::int64_t context_length,
                  const JobContext& job)
        : tokenizer_(tokenizer),
          encoding_(encoding),
          longest_(context_length > 0 ? std::min(context_length, kLongestPrompt) : kLongestPrompt),
          job_(job) {}

    Result<TokenRequest> encode(const ChoiceItem& item) {
        TokenRequest request;
        QS_ASSIGN(request.ids, prompt(item));
        const auto last = std::ssize(request.ids) - 1;
        for (const auto& choice : item.choices) {
            QS_ASSIGN(const auto letter, letterId(choice.continuation));
            request.scored.push_back({last, letter});
        }
        // Neighbours share their examples, and a group all of what it shares.
        if (item.few_shot != few_shot_ || examples_ != group_examples_) ++group_;
        few_shot_ = item.few_shot;
        group_examples_ = examples_;
        request.group = group_;
        return request;
    }

private:
    static constexpr std::int64_t kLongestPrompt = 2048;

    Result<Ids> prompt(const ChoiceItem& item) {
        const auto& examples = item.few_shot->examples;
        for (examples_ = examples.size();; --examples_) {
            std::string text = item.few_shot->header;
            for (std::size_t i = 0; i < examples_; ++i) text += examples[i];
            QS_ASSIGN(auto ids,
                      tokenizer_.encode(text + item.question, {.add_special = true, .parse_special = true}, job_));
            if (ids.empty()) return failure("a question is empty for this tokenizer");
            if (std::ssize(ids) <= longest_) return ids;
            if (examples_ > 0) continue;
            ids.erase(ids.begin(), ids.end() - longest_);
            return ids;
        }
    }

    Result<std::int32_t> letterId(const std::string& letter) {
        if (const auto known = letters_.find(letter); known != letters_.end()) return known->second;
        const auto text = (encoding_ == ChoiceEncoding::joint ? " " : "") + letter;
        QS_ASSIGN(const auto ids, tokenizer_.encode(text, {.add_special = false, .parse_special = false}, job_));
        if (ids.empty()) return failure("the tokenizer has no token for the letter " + letter);
        return letters_[letter] = ids.back();
    }

    const Tokenizer& tokenizer_;
    ChoiceEncoding encoding_;
    std::int64_t longest_;
    const JobContext& job_;
    std::map<std::string, std::int32_t> letters_;
    std::shared_ptr<const FewShot> few_shot_;
    std::size_t examples_ = 0;
    std::size_t group_examples_ = 0;
    std::int64_t group_ = 0;
};

}  // namespace

Result<std::vector<TokenRequest>> choiceRequests(std::span<const ChoiceItem> items, const Tokenizer& tokenizer,
                                                 ChoiceEncoding encoding, std::int64_t context_length,
                                                 const JobContext& job) {
    std::vector<TokenRequest> requests;
    ChoiceEncoder encoder(tokenizer, encoding, job);
    LetterEncoder letters(tokenizer, encoding, context_length, job);
    for (std::size_t i = 0; i < items.size(); ++i) {
        QS_TRY(job.checkStop());
        if (items[i].few_shot) {
            QS_ASSIGN(requests.emplace_back(), letters.encode(items[i]));
            continue;
        }
        for (const auto& choice : items[i].choices) {
            QS_ASSIGN(auto encoded, encoder.encode(choice));
            if (encoded.continuation == 0 || encoded.continuation == encoded.ids.size())
                return failure("question " + std::to_string(i + 1) + " has an empty " +
                               (encoded.continuation == 0 ? "choice" : "context") + " for this tokenizer");
            requests.push_back(requestOf(std::move(encoded), context_length));
            requests.back().group = static_cast<std::int64_t>(i);
        }
    }
    return requests;
}

std::vector<ChoiceResult> choiceResults(std::span<const ChoiceItem> items,
                                        std::span<const std::vector<double>> log_probabilities, bool with_lengths) {
    std::vector<ChoiceResult> results;
    results.reserve(items.size());
    std::size_t request = 0;
    for (const auto& item : items) {
        auto& result = results.emplace_back();
        result.gold = item.gold;
        if (item.few_shot) {
            result.log_likelihoods = log_probabilities[request++];
            continue;
        }
        for (const auto& choice : item.choices) {
            const auto& tokens = log_probabilities[request++];
            result.log_likelihoods.push_back(std::accumulate(tokens.begin(), tokens.end(), 0.0));
            if (with_lengths) result.lengths.push_back(choice.length);
        }
    }
    return results;
}

}  // namespace quantoscope
