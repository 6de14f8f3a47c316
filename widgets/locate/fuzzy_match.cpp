#include "widgets/locate/fuzzy_match.h"

namespace quantoscope {
namespace {

constexpr int kPerLetter = 10;
constexpr int kRun = 14;        // letter right behind the last match
constexpr int kWordStart = 16;  // first letter of a word, a number or a part of a path
constexpr int kTextStart = 10;

bool startsWord(const QString& text, qsizetype at) {
    if (at == 0) return true;
    const QChar before = text[at - 1];
    const QChar own = text[at];
    if (!before.isLetterOrNumber()) return true;
    return own.isDigit() != before.isDigit() || (own.isUpper() && before.isLower());
}

// Greedy from `start`: prefers the next word start when the letter also begins one.
std::optional<FuzzyMatch> matchFrom(const QString& letters, const QString& text, qsizetype start) {
    FuzzyMatch match;
    qsizetype at = start;
    for (const QChar letter : letters) {
        while (at < text.size() && text[at].toCaseFolded() != letter) ++at;
        if (at == text.size()) return std::nullopt;
        const bool follows = !match.positions.empty() && match.positions.back() == at - 1;
        match.score += kPerLetter + (follows ? kRun : 0) + (startsWord(text, at) ? kWordStart : 0);
        match.positions.push_back(static_cast<int>(at));
        ++at;
    }
    const auto spread = match.positions.back() - match.positions.front();
    match.score += (match.positions.front() == 0 ? kTextStart : 0) - spread - static_cast<int>(text.size() / 8);
    return match;
}

}  // namespace

std::optional<FuzzyMatch> fuzzyMatch(const QString& pattern, const QString& text) {
    QString letters = pattern.toCaseFolded();
    letters.remove(QLatin1Char(' '));
    if (letters.isEmpty()) return FuzzyMatch{};
    std::optional<FuzzyMatch> best;
    for (qsizetype start = 0; start < text.size(); ++start) {
        if (text[start].toCaseFolded() != letters[0]) continue;
        const auto match = matchFrom(letters, text, start);
        if (!match) break;  // the rest of the letters do not fit behind here, so not later either
        if (!best || match->score > best->score) best = match;
    }
    return best;
}

}  // namespace quantoscope
