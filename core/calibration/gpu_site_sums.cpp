#include "core/calibration/gpu_site_sums.h"

#include <new>
#include <vector>

namespace quantoscope {

Result<GpuSiteSums> GpuSiteSums::make(std::shared_ptr<Gpu> gpu, std::int64_t columns) {
    GpuSiteSums sums(std::move(gpu));
    sums.columns_ = columns;
    const auto count = static_cast<std::uint64_t>(columns);
    const auto name = "the second moments of an input of " + std::to_string(columns) + " columns";
    QS_ASSIGN(auto gram, sums.gpu_->take(GpuMemory::statistics, count * count * sizeof(float), name));
    sums.gram_ = std::make_shared<GpuBytes>(std::move(gram));
    QS_ASSIGN(sums.absolute_sums_, sums.gpu_->take(GpuMemory::statistics, count * sizeof(double), name));
    QS_ASSIGN(sums.maxima_, sums.gpu_->take(GpuMemory::statistics, count * sizeof(float), name));
    for (const auto* memory : {sums.gram_.get(), &sums.absolute_sums_, &sums.maxima_})
        QS_TRY(sums.gpu_->clear(*memory));
    return sums;
}

Status GpuSiteSums::add(const GpuSiteInput& input) {
    if (input.columns != columns_)
        return failure("the block's inputs do not have the shape the model's configuration says", {},
                       std::to_string(input.columns) + " columns, expected " + std::to_string(columns_));
    token_count_ += input.rows;
    QS_TRY(gpu_->call("channel statistics", &Gpu::Table::channelStatistics, input.values, input.rows, columns_,
                      absolute_sums_.as<double>(), maxima_.as<float>()));
    return gpu_->call("second moments", &Gpu::Table::gramAddBfloat16, input.values, input.rows, columns_,
                      gram_->as<float>());
}

Result<SiteStatistics> GpuSiteSums::finish(std::int64_t sequence_count) try {
    QS_TRY(gpu_->call("second moments", &Gpu::Table::gramMirror, gram_->as<float>(), columns_));
    SiteStatistics statistics;
    const auto count = static_cast<std::size_t>(columns_);
    std::vector<double> sums(count);
    statistics.maximum_absolute.resize(count);
    statistics.gram = Matrix(columns_, columns_);
    QS_TRY(gpu_->download(sums.data(), absolute_sums_.data(), absolute_sums_.size()));
    QS_TRY(gpu_->download(statistics.maximum_absolute.data(), maxima_.data(), maxima_.size()));
    QS_TRY(gpu_->download(statistics.gram.values.data(), gram_->data(), gram_->size()));
    QS_TRY(gpu_->synchronize());
    for (const double sum : sums)
        statistics.mean_absolute.push_back(static_cast<float>(sum / static_cast<double>(token_count_)));
    statistics.token_count = token_count_;
    statistics.sequence_count = sequence_count;
    statistics.gpu_gram = gram_;
    return statistics;
} catch (const std::bad_alloc&) {
    return failure("not enough memory for the second moments of an input of " + std::to_string(columns_) +
                   " columns; free " + std::to_string((columns_ * columns_ * 4) >> 20) + " MiB");
}

}  // namespace quantoscope
