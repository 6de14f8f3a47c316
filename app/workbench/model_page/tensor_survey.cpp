#include "app/workbench/model_page/tensor_survey.h"

#include "app/workbench/model_page/tensor_reader.h"
#include "core/analysis/analyse_linear.h"

namespace quantoscope {
namespace {

constexpr std::size_t kTensorsAtOnce = 7;  // a block: often enough on the screen, seldom enough for the queue

}  // namespace

void TensorSurvey::setModel(std::shared_ptr<const OpenModel> model) {
    stop();
    if (model_ == nullptr || model == nullptr || model->files != model_->files) known_.clear();
    model_ = std::move(model);
}

void TensorSurvey::start(std::vector<int> tensors) {
    wanted_ = std::move(tensors);
    readNext();
}

Result<TensorSurvey::Numbers> TensorSurvey::read(const OpenModel& model, const std::vector<int>& tensors,
                                                 const std::stop_token& stop) {
    Numbers numbers;
    for (const int tensor : tensors) {
        if (stop.stop_requested()) return cancelled();
        QS_ASSIGN(const auto matrix, readTensorValues(*model.files, tensor));
        numbers[tensor] = shapeMetrics(matrix);
    }
    return numbers;
}

void TensorSurvey::readNext() {
    std::vector<int> next;
    for (const int tensor : wanted_)
        if (next.size() < kTensorsAtOnce && !known_.contains(tensor)) next.push_back(tensor);
    if (next.empty() || model_ == nullptr) return;
    task_.start([model = model_, next](const std::stop_token& stop) { return read(*model, next, stop); },
                [this](Result<Numbers> numbers) {
                    if (!numbers) {
                        if (numbers.error().kind != ErrorKind::cancelled) emit failed(numbers.error());
                        return;
                    }
                    known_.merge(*numbers);
                    readNext();
                    emit changed();
                });
}

std::map<int, double> TensorSurvey::values(const std::string& id) const {
    std::map<int, double> found;
    for (const auto& [tensor, numbers] : known_)
        if (const auto value = numbers.find(id); value != numbers.end()) found[tensor] = value->second;
    return found;
}

}  // namespace quantoscope
