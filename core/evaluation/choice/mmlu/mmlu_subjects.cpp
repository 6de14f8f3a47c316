#include "core/evaluation/choice/mmlu/mmlu_subjects.h"

#include <algorithm>
#include <array>

namespace quantoscope {
namespace {

using namespace std::string_view_literals;

constexpr std::array kHumanities{"formal_logic"sv,
                                 "high_school_european_history"sv,
                                 "high_school_us_history"sv,
                                 "high_school_world_history"sv,
                                 "international_law"sv,
                                 "jurisprudence"sv,
                                 "logical_fallacies"sv,
                                 "moral_disputes"sv,
                                 "moral_scenarios"sv,
                                 "philosophy"sv,
                                 "prehistory"sv,
                                 "professional_law"sv,
                                 "world_religions"sv};
constexpr std::array kStem{"abstract_algebra"sv,         "astronomy"sv,
                           "college_biology"sv,          "college_chemistry"sv,
                           "college_computer_science"sv, "college_mathematics"sv,
                           "college_physics"sv,          "computer_security"sv,
                           "conceptual_physics"sv,       "electrical_engineering"sv,
                           "elementary_mathematics"sv,   "high_school_biology"sv,
                           "high_school_chemistry"sv,    "high_school_computer_science"sv,
                           "high_school_mathematics"sv,  "high_school_physics"sv,
                           "high_school_statistics"sv,   "machine_learning"sv};
constexpr std::array kSocialSciences{"econometrics"sv,
                                     "high_school_geography"sv,
                                     "high_school_government_and_politics"sv,
                                     "high_school_macroeconomics"sv,
                                     "high_school_microeconomics"sv,
                                     "high_school_psychology"sv,
                                     "human_sexuality"sv,
                                     "professional_psychology"sv,
                                     "public_relations"sv,
                                     "security_studies"sv,
                                     "sociology"sv,
                                     "us_foreign_policy"sv};
constexpr std::array kOther{"anatomy"sv,
                            "business_ethics"sv,
                            "clinical_knowledge"sv,
                            "college_medicine"sv,
                            "global_facts"sv,
                            "human_aging"sv,
                            "management"sv,
                            "marketing"sv,
                            "medical_genetics"sv,
                            "miscellaneous"sv,
                            "nutrition"sv,
                            "professional_accounting"sv,
                            "professional_medicine"sv,
                            "virology"sv};

constexpr std::array kCategories{
    MmluCategory{"humanities", "humanities", kHumanities}, MmluCategory{"stem", "STEM", kStem},
    MmluCategory{"social_sciences", "social sciences", kSocialSciences}, MmluCategory{"other", "other", kOther}};

}  // namespace

std::span<const MmluCategory> mmluCategories() {
    return kCategories;
}

std::optional<std::string_view> mmluCategoryOf(std::string_view subject) {
    for (const auto& category : kCategories)
        if (std::ranges::find(category.subjects, subject) != category.subjects.end()) return category.id;
    return std::nullopt;
}

}  // namespace quantoscope
