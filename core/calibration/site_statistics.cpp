#include "core/calibration/site_statistics.h"

#include <new>
#include <utility>

#include "kernels/channel_statistics/channel_statistics.h"
#include "kernels/gram/gram.h"

namespace quantoscope {

SiteStatisticsAccumulator::SiteStatisticsAccumulator(std::int64_t columns) : columns_(columns) {}

Status SiteStatisticsAccumulator::reserve() try {
    const auto count = static_cast<std::size_t>(columns_);
    absolute_sums_.assign(count, 0.0);
    statistics_.mean_absolute.assign(count, 0.0F);
    statistics_.maximum_absolute.assign(count, 0.0F);
    statistics_.gram = Matrix(columns_, columns_);
    return {};
} catch (const std::bad_alloc&) {
    return failure("not enough memory for the second moments of an input of " + std::to_string(columns_) +
                   " columns; free " + std::to_string((columns_ * columns_ * 4) >> 20) + " MiB");
}

Status SiteStatisticsAccumulator::add(const SiteInput& input, const JobContext& job) {
    QS_TRY(job.checkStop());
    if (input.columns != columns_ || input.rows < 1 || (input.float32 == nullptr && input.bfloat16 == nullptr))
        return failure("the block's inputs do not have the shape the model's configuration says", {},
                       std::to_string(input.rows) + " x " + std::to_string(input.columns) + ", expected width " +
                           std::to_string(columns_));
    if (absolute_sums_.empty()) QS_TRY(reserve());
    auto* const sums = absolute_sums_.data();
    auto* const maxima = statistics_.maximum_absolute.data();
    if (input.bfloat16 != nullptr)
        kernels::channelStatistics(input.bfloat16, input.rows, columns_, sums, maxima);
    else
        kernels::channelStatistics(input.float32, input.rows, columns_, sums, maxima);
    statistics_.token_count += input.rows;
    auto* const gram = statistics_.gram.values.data();
    const auto status = input.bfloat16 != nullptr
                            ? kernels::gramAdd(input.bfloat16, input.rows, columns_, gram, job.stopToken())
                            : kernels::gramAdd(input.float32, input.rows, columns_, gram, job.stopToken());
    if (status == kernels::KernelStatus::cancelled) return cancelled();
    if (status != kernels::KernelStatus::ok) return failure("not enough memory while gathering second moments");
    return {};
}

SiteStatistics SiteStatisticsAccumulator::finish(std::int64_t sequence_count) {
    for (std::size_t j = 0; j < absolute_sums_.size(); ++j)
        statistics_.mean_absolute[j] =
            static_cast<float>(absolute_sums_[j] / static_cast<double>(statistics_.token_count));
    kernels::gramMirror(statistics_.gram.values.data(), columns_);
    statistics_.sequence_count = sequence_count;
    absolute_sums_.clear();
    return std::exchange(statistics_, {});
}

}  // namespace quantoscope
