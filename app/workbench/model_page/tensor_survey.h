// Statistics of all linears of a model, read one block after another in the background: what the overview is coloured
// by.
#pragma once

#include <QObject>
#include <map>
#include <string>
#include <vector>

#include "app/workbench/session/background.h"
#include "app/workbench/session/model_list.h"

namespace quantoscope {

class TensorSurvey : public QObject {
    Q_OBJECT

public:
    explicit TensorSurvey(QObject* parent = nullptr) : QObject(parent) {}
    /// Forgets what was known of another model.
    void setModel(std::shared_ptr<const OpenModel> model);
    /// Reads on where it stopped, until all `tensors` are known or stop() is called.
    void start(std::vector<int> tensors);
    void stop() { task_.drop(); }
    bool isReading() const { return task_.running(); }
    /// A statistic (an id of shapeMetrics) by tensor, as far as read.
    std::map<int, double> values(const std::string& id) const;
    std::size_t knownCount() const { return known_.size(); }

signals:
    void changed();
    void failed(const quantoscope::Error& error);

private:
    using Numbers = std::map<int, std::map<std::string, double>>;  // by tensor, by id
    static Result<Numbers> read(const OpenModel& model, const std::vector<int>& tensors, const std::stop_token& stop);
    void readNext();

    std::shared_ptr<const OpenModel> model_;
    std::vector<int> wanted_;
    Numbers known_;
    LatestTask task_{this};
};

}  // namespace quantoscope
