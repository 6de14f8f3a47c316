// AWQ and its kin move scales between neighbours: a norm is divided by what the columns of the linears behind it are
// multiplied with, rows of up_proj (v_proj) by what the columns of down_proj (o_proj) gain. The model computes the
// same, its weights look different. Before such a checkpoint is compared with its base, the scales are put back.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/model/weight_source.h"
#include "core/tensor/matrix.h"

namespace quantoscope {

/// Factors that bring a linear of the other checkpoint into the base's coordinates:
/// W(i, j) = other(i, j) * rows[i] * columns[j]. An empty list is all ones.
struct Unfolding {
    std::vector<float> rows;
    std::vector<float> columns;

    bool isIdentity() const { return rows.empty() && columns.empty(); }
    void apply(Matrix& weight) const;
};

struct FoldedScales {
    std::array<Unfolding, 7> linears;  ///< by LinearRole
    std::vector<std::string> notes;    ///< which scales were put back, for the user
};

/// Scales behind a norm are exact, the ratio of both norms. Those between up_proj and down_proj (v_proj and o_proj
/// where both have as many channels) stand nowhere: they are estimated from the norms of rows and columns, and only
/// where rows and columns tell of the same scales. Reads four linears of each model.
Result<FoldedScales> findFoldedScales(const WeightSource& base, const WeightSource& other, std::int64_t block,
                                      const JobContext& job);

}  // namespace quantoscope
