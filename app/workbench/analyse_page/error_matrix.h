// Single weights and their errors of one linear of a run, for the deepest zoom of the tile map.
#pragma once

#include <QObject>
#include <functional>
#include <memory>
#include <optional>

#include "app/workbench/session/background.h"
#include "app/workbench/session/run_key.h"
#include "core/analysis/group_weights.h"
#include "core/base/result.h"
#include "core/model/model_config.h"
#include "core/tensor/matrix.h"
#include "widgets/tile_map/tile_map_view.h"

namespace quantoscope {

struct WeightsAndErrors {
    Matrix weights;
    Matrix errors;              ///< W - dequantized W, in the model's own coordinates
    QuantizedTensor quantized;  ///< without groups for another checkpoint
};
/// Reads the model that the recipe names and the codes of the run, or the checkpoint that it compares with.
Result<WeightsAndErrors> readErrors(const RunKey& run, int block, LinearRole role, const std::stop_token& stop);

/// The row whose weights of this group have the largest squared error; `group` is one of the tensor's.
Result<std::int64_t> worstRow(const WeightsAndErrors& values, std::int64_t group, const std::stop_token& stop = {});

/// Serves crops and groups of one linear: reads it once, in the background, when the first crop is asked for.
class ErrorMatrix : public QObject {
    Q_OBJECT

public:
    enum class Content { errors, weights };

    explicit ErrorMatrix(QObject* parent = nullptr) : QObject(parent) {}
    void setLinear(const RunKey& run, int block, LinearRole role);
    void clear();
    void crop(Content content, const CropRequest& request, std::function<void(Matrix)> deliver);
    /// The weights of a group in one row, or in the row with the largest error there. A newer request replaces the one
    /// before it.
    void group(std::int64_t group, std::optional<std::int64_t> row,
               std::function<void(std::shared_ptr<const GroupWeights>)> deliver);
    /// Nobody waits for a group any more.
    void dropGroup();
    /// Why this linear's weights cannot be read; said once and not tried again until another linear is set.
    const std::optional<Error>& problem() const { return problem_; }

signals:
    void failed(const quantoscope::Error& error);

private:
    struct GroupRequest {
        std::int64_t group = 0;
        std::optional<std::int64_t> row;
        std::function<void(std::shared_ptr<const GroupWeights>)> deliver;
    };
    void read();
    void deliverLast();
    void deliverGroup();

    RunKey run_;
    int block_ = -1;
    LinearRole role_ = LinearRole::q_proj;
    std::shared_ptr<const WeightsAndErrors> values_;
    std::optional<Error> problem_;
    Content content_ = Content::errors;
    CropRequest request_;
    std::function<void(Matrix)> deliver_;
    std::optional<GroupRequest> group_;  // waits for the values
    LatestTask task_{this};
    LatestTask group_task_{this};
};

}  // namespace quantoscope
