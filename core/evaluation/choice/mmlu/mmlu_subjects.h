// MMLU's 57 subjects and the four categories of the original evaluation (Hendrycks et al., arXiv 2009.03300).
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace quantoscope {

struct MmluCategory {
    std::string_view id;     ///< "stem", as the metrics of the benchmark end
    std::string_view label;  ///< "STEM"
    std::span<const std::string_view> subjects;
};

/// Humanities, STEM, social sciences, other: the order in which papers print them.
std::span<const MmluCategory> mmluCategories();
/// The id of the subject's category; nothing for an unknown subject.
std::optional<std::string_view> mmluCategoryOf(std::string_view subject);

}  // namespace quantoscope
