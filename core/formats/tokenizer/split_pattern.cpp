#include "core/formats/tokenizer/split_pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>

#include "core/base/utf8.h"

namespace quantoscope {

namespace {
// PCRE2's own \s also holds U+180E, which is no White_Space.
constexpr std::string_view kWhiteSpace =
    R"(\x{9}-\x{d}\x{20}\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000})";
constexpr std::size_t kJitStackStartBytes = std::size_t{32} << 10;
constexpr std::size_t kJitStackLimitBytes = std::size_t{4} << 20;
constexpr std::uint32_t kMatchLimit = 50'000'000;

// \s and \S spelt out; \S inside a class is left to PCRE2 (no pattern we accept has one).
std::string withUnicodeWhiteSpace(std::string_view pattern) {
    std::string text;
    bool in_class = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (c == '\\' && i + 1 < pattern.size()) {
            const char escaped = pattern[++i];
            if (escaped == 's') {
                text.append(in_class ? "" : "[").append(kWhiteSpace).append(in_class ? "" : "]");
            } else if (escaped == 'S' && !in_class) {
                text.append("[^").append(kWhiteSpace).append("]");
            } else {
                text.append({c, escaped});
            }
            continue;
        }
        if (c == '[') in_class = true;
        if (c == ']') in_class = false;
        text += c;
    }
    return text;
}

std::string errorText(int code) {
    std::array<PCRE2_UCHAR, 256> text{};
    pcre2_get_error_message(code, text.data(), text.size());
    return reinterpret_cast<const char*>(text.data());
}
}  // namespace

struct SplitPattern::Code {
    pcre2_code* code = nullptr;
    bool jit = false;
};

SplitPattern::SplitPattern() : code_(std::make_unique<Code>()) {}
SplitPattern::~SplitPattern() {
    pcre2_code_free(code_->code);
}

Result<std::shared_ptr<const SplitPattern>> SplitPattern::compile(std::string_view pattern) {
    const std::string text = withUnicodeWhiteSpace(pattern);
    const std::shared_ptr<SplitPattern> compiled(new SplitPattern());
    int error = 0;
    PCRE2_SIZE offset = 0;
    compiled->code_->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), PCRE2_UTF | PCRE2_UCP,
                                          &error, &offset, nullptr);
    if (compiled->code_->code == nullptr) {
        return failure("pattern '" + std::string(pattern) + "' is not a valid expression", {}, errorText(error));
    }
    compiled->code_->jit = pcre2_jit_compile(compiled->code_->code, PCRE2_JIT_COMPLETE) == 0;
    return std::shared_ptr<const SplitPattern>(compiled);
}

struct SplitPattern::Run::Space {
    pcre2_match_data* match = nullptr;
    pcre2_match_context* context = nullptr;
    pcre2_jit_stack* stack = nullptr;
    Space() = default;
    Space(const Space&) = delete;
    Space& operator=(const Space&) = delete;
    ~Space() {
        pcre2_match_data_free(match);
        pcre2_match_context_free(context);
        pcre2_jit_stack_free(stack);
    }
};

SplitPattern::Run::Run(std::shared_ptr<const SplitPattern> pattern)
    : pattern_(std::move(pattern)), space_(std::make_unique<Space>()) {
    space_->match = pcre2_match_data_create_from_pattern(pattern_->code_->code, nullptr);
    space_->context = pcre2_match_context_create(nullptr);
    space_->stack = pcre2_jit_stack_create(kJitStackStartBytes, kJitStackLimitBytes, nullptr);
    if (space_->context == nullptr) return;
    pcre2_set_match_limit(space_->context, kMatchLimit);
    if (space_->stack != nullptr) pcre2_jit_stack_assign(space_->context, nullptr, space_->stack);
}
SplitPattern::Run::~Run() = default;
SplitPattern::Run::Run(Run&&) noexcept = default;

Status SplitPattern::Run::split(std::string_view text, const Piece& piece) const {
    if (space_->match == nullptr || space_->context == nullptr) return failure("Out of memory while splitting text.");
    const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
    const auto match = pattern_->code_->jit ? &pcre2_jit_match : &pcre2_match;
    std::size_t done = 0;
    std::size_t from = 0;
    while (from < text.size()) {
        const int found = match(pattern_->code_->code, subject, text.size(), from, PCRE2_NO_UTF_CHECK, space_->match,
                                space_->context);
        if (found == PCRE2_ERROR_NOMATCH) break;
        if (found < 0) {
            return failure("The text could not be split into words near byte " + std::to_string(from) +
                               ": it holds a run that is too long for the tokenizer's pattern.",
                           {}, errorText(found));
        }
        const PCRE2_SIZE* range = pcre2_get_ovector_pointer(space_->match);
        if (range[1] <= range[0]) {
            from += utf8Length(text[from]);
            continue;
        }
        if (range[0] > done) QS_TRY(piece(text.substr(done, range[0] - done)));
        QS_TRY(piece(text.substr(range[0], range[1] - range[0])));
        done = from = range[1];
    }
    if (done < text.size()) QS_TRY(piece(text.substr(done)));
    return {};
}

}  // namespace quantoscope
