// The regular expressions that cut text before BPE. The only source that knows PCRE2.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace quantoscope {

/// A compiled expression; immutable, so any number of threads may use it, each through its own Run.
/// \s and \S mean Unicode White_Space, \p{..} come from PCRE2's tables (Unicode 14 in PCRE2 10.42).
class SplitPattern {
public:
    using Piece = std::function<Status(std::string_view)>;

    /// An error when `pattern` is not a valid expression.
    static Result<std::shared_ptr<const SplitPattern>> compile(std::string_view pattern);
    ~SplitPattern();

    /// The work space of one thread.
    class Run {
    public:
        explicit Run(std::shared_ptr<const SplitPattern> pattern);
        ~Run();
        Run(Run&&) noexcept;
        Run& operator=(Run&&) = delete;
        /// Calls `piece` for every match and for the text between matches, in order: nothing is dropped.
        /// `text` is valid UTF-8 and is all that look-aheads see.
        Status split(std::string_view text, const Piece& piece) const;

    private:
        struct Space;
        std::shared_ptr<const SplitPattern> pattern_;
        std::unique_ptr<Space> space_;
    };

private:
    struct Code;
    SplitPattern();
    std::unique_ptr<Code> code_;
};

}  // namespace quantoscope
