#include "core/model/weight_source.h"

namespace quantoscope {

Result<Matrix> WeightSource::readMatrix(std::string_view name) const {
    QS_ASSIGN(const auto dimensions, shape(name));
    if (dimensions.size() != 2)
        return failure("tensor '" + std::string(name) + "' has " + std::to_string(dimensions.size()) +
                       " dimensions where a matrix is needed");
    Matrix matrix(dimensions[0], dimensions[1]);
    QS_TRY(read(name, matrix.values));
    return matrix;
}

Result<std::vector<float>> WeightSource::readVector(std::string_view name) const {
    QS_ASSIGN(const auto dimensions, shape(name));
    std::int64_t count = 1;
    for (const auto dimension : dimensions) count *= dimension;
    std::vector<float> values(static_cast<std::size_t>(count));
    QS_TRY(read(name, values));
    return values;
}

}  // namespace quantoscope
