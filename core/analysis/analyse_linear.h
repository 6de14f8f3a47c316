// Compares a linear with its quantized self.
#pragma once

#include <map>
#include <string>

#include "core/analysis/layer_record.h"
#include "core/base/job.h"
#include "core/base/result.h"
#include "core/methods/method.h"
#include "core/methods/quantized_tensor.h"

namespace quantoscope {

/// All metrics, histograms, tiles and salience of one linear. `statistics` may be null (no calibration data): metrics
/// and salience that need it are left out. W is rows x columns in the original model's coordinates. `inverse_diagonal`
/// may be null: the salience "hessian_diagonal" is left out then.
Result<LinearRecord> analyseLinear(LinearRole role, const Matrix& weight, const QuantizedTensor& quantized,
                                   const SiteStatistics* statistics, const JobContext& job,
                                   const std::vector<float>* inverse_diagonal = nullptr);

/// The same against weights that have no codes here, those of another checkpoint in the same coordinates: no grid is
/// drawn. `bits_per_weight`: what its file takes.
Result<LinearRecord> compareLinear(LinearRole role, const Matrix& weight, Matrix other, double bits_per_weight,
                                   const SiteStatistics* statistics, const JobContext& job,
                                   const std::vector<float>* inverse_diagonal = nullptr);

/// diag(H^-1) with H = G / tokens + 0.01 mean(diag(G / tokens)) I, for the salience "hessian_diagonal". Costs about two
/// thirds of columns^3 multiply-adds: compute it once per site and share it between the linears there.
Result<std::vector<float>> inverseHessianDiagonal(const SiteStatistics& statistics, const JobContext& job);

/// What a matrix says by itself: "max_weight" = max |w|, and the metrics "kurtosis" and "outlier_share" of
/// linearMetrics (absent when all weights are equal).
std::map<std::string, double> shapeMetrics(const Matrix& weight);
/// The tile map of any matrix (the Model page shows weights of unquantized models with it).
TilePyramid tilePyramid(const Matrix& matrix);
/// Values of a matrix part for deep zoom: rows [row, row+rows) x columns, both clipped to the matrix.
Matrix cropMatrix(const Matrix& matrix, std::int64_t row, std::int64_t column, std::int64_t rows, std::int64_t columns);

}  // namespace quantoscope
