#include "app/workbench/analyse_page/error_matrix.h"

#include "core/analysis/analyse_linear.h"
#include "core/formats/model_files.h"
#include "core/pipeline/checkpoint_phase.h"
#include "core/pipeline/recipe.h"
#include "core/run_store/run_folder.h"

namespace quantoscope {
namespace {

/// What the run made of the linear's weights: its codes' values, or those of the checkpoint it compares with.
Result<Matrix> readQuantized(const RunFolder& folder, const std::string& configuration, int block, LinearRole role,
                             const WeightSource& source, QuantizedTensor& quantized, const std::stop_token& stop) {
    QS_ASSIGN(const auto info, folder.configuration(configuration));
    if (!info.checkpoint.empty())
        return checkpointLinear(source, info.checkpoint, info.checkpoint_fingerprint, block, role, JobContext(stop));
    QS_ASSIGN(auto codes, folder.codes(configuration, block));
    auto& linear = codes.linears[static_cast<std::size_t>(role)];
    if (!linear) return failure("this linear was not quantized in this run", folder.path().string());
    quantized = std::move(*linear);
    return quantized.dequantizeUnfolded();
}

}  // namespace

Result<WeightsAndErrors> readErrors(const RunKey& run, int block, LinearRole role, const std::stop_token& stop) {
    QS_ASSIGN(const auto folder, RunFolder::openForReading(run.folder.toStdString()));
    QS_ASSIGN(const auto recipe_text, folder->recipeText());
    QS_ASSIGN(const auto recipe, parseRecipe(recipe_text));
    QS_ASSIGN(const auto files, ModelFiles::open(recipe.model));
    QS_ASSIGN(const auto source, files->weights(recipe.weight_dtype));
    WeightsAndErrors values;
    QS_ASSIGN(values.weights, source->readMatrix(linearPath(block, role) + ".weight"));
    if (stop.stop_requested()) return cancelled();
    QS_ASSIGN(values.errors,
              readQuantized(*folder, run.configuration.toStdString(), block, role, *source, values.quantized, stop));
    if (values.errors.rows != values.weights.rows || values.errors.columns != values.weights.columns)
        return failure("the model's weights and the run's have different shapes: the model has changed since",
                       recipe.model);
    for (std::size_t i = 0; i < values.errors.values.size(); ++i)
        values.errors.values[i] = values.weights.values[i] - values.errors.values[i];
    return values;
}

Result<std::int64_t> worstRow(const WeightsAndErrors& values, std::int64_t group, const std::stop_token& stop) {
    std::vector<std::size_t> columns;  // only those that are shown
    for (std::int64_t j = 0; j < values.errors.columns; ++j)
        if (values.quantized.groupOf(j) == group) columns.push_back(static_cast<std::size_t>(j));
    std::int64_t worst = 0;
    double largest = -1.0;
    for (std::int64_t i = 0; i < values.errors.rows; ++i) {
        if (stop.stop_requested()) return cancelled();
        const auto errors = values.errors.row(i);
        double sum = 0.0;
        for (const auto j : columns) sum += static_cast<double>(errors[j]) * static_cast<double>(errors[j]);
        if (sum > largest) {
            largest = sum;
            worst = i;
        }
    }
    return worst;
}

namespace {

/// The group in `row`, without one in the row with the largest error there.
Result<GroupWeights> groupIn(const WeightsAndErrors& values, std::int64_t group, std::optional<std::int64_t> row,
                             const std::stop_token& stop) {
    if (values.quantized.groupCount() == 0)
        return failure("how the weights of another checkpoint are grouped is not known: look at its channels instead");
    const bool there = group >= 0 && group < values.quantized.groupCount();
    if (!row && there) {
        QS_ASSIGN(row, worstRow(values, group, stop));
    }
    return groupWeights(values.weights, values.quantized, row.value_or(0), group);
}

}  // namespace

void ErrorMatrix::setLinear(const RunKey& run, int block, LinearRole role) {
    if (run == run_ && block == block_ && role == role_) return;
    clear();
    run_ = run;
    block_ = block;
    role_ = role;
}

void ErrorMatrix::clear() {
    task_.drop();
    group_task_.drop();
    group_.reset();
    values_.reset();
    problem_.reset();
    deliver_ = nullptr;
    run_ = {};
    block_ = -1;
}

void ErrorMatrix::crop(Content content, const CropRequest& request, std::function<void(Matrix)> deliver) {
    content_ = content;
    request_ = request;
    deliver_ = std::move(deliver);
    if (values_)
        deliverLast();
    else
        read();
}

void ErrorMatrix::group(std::int64_t group, std::optional<std::int64_t> row,
                        std::function<void(std::shared_ptr<const GroupWeights>)> deliver) {
    group_ = GroupRequest{group, row, std::move(deliver)};
    if (values_)
        deliverGroup();
    else
        read();
}

void ErrorMatrix::dropGroup() {
    group_.reset();
    group_task_.drop();
}

void ErrorMatrix::read() {
    if (task_.running() || run_.isNull() || problem_) return;
    task_.start([run = run_, block = block_,
                 role = role_](const std::stop_token& stop) { return readErrors(run, block, role, stop); },
                [this](Result<WeightsAndErrors> values) {
                    if (values) {
                        values_ = std::make_shared<const WeightsAndErrors>(std::move(*values));
                        deliverLast();
                        deliverGroup();
                    } else if (values.error().kind != ErrorKind::cancelled) {
                        problem_ = values.error();
                        emit failed(*problem_);
                    }
                });
}

/// Away from the window's thread: a channel's group is the whole row, and every row is looked at for the worst.
void ErrorMatrix::deliverGroup() {
    if (!group_) return;
    auto request = std::move(*group_);
    group_.reset();
    group_task_.start([values = values_, group = request.group,
                       row = request.row](const std::stop_token& stop) { return groupIn(*values, group, row, stop); },
                      [this, deliver = std::move(request.deliver)](Result<GroupWeights> weights) {
                          if (weights)
                              deliver(std::make_shared<const GroupWeights>(std::move(*weights)));
                          else
                              emit failed(weights.error());
                      });
}

void ErrorMatrix::deliverLast() {
    if (!deliver_) return;
    const auto& matrix = content_ == Content::errors ? values_->errors : values_->weights;
    const auto deliver = std::exchange(deliver_, nullptr);
    deliver(cropMatrix(matrix, request_.row, request_.column, request_.rows, request_.columns));
}

}  // namespace quantoscope
