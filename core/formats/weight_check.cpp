#include "core/formats/weight_check.h"

#include <algorithm>

#include "kernels/convert_float/convert_float.h"

namespace quantoscope {
namespace {

constexpr std::uint64_t kChunk = std::uint64_t{1} << 20;  // values; a whole number of every block

Result<std::uint64_t> countIn(const ModelFiles& model, std::size_t tensor, std::vector<float>& buffer,
                              const JobContext& job) {
    std::uint64_t elements = 1;
    for (const auto dimension : model.tensors()[tensor].shape) elements *= static_cast<std::uint64_t>(dimension);
    std::uint64_t found = 0;
    for (std::uint64_t first = 0; first < elements; first += kChunk) {
        QS_TRY(job.checkStop());
        buffer.resize(static_cast<std::size_t>(std::min(kChunk, elements - first)));
        QS_TRY(model.readStored(tensor, first, buffer));
        found += kernels::countNonFinite(buffer.data(), buffer.size());
    }
    return found;
}

}  // namespace

Result<std::vector<NonFiniteCount>> countNonFinite(const ModelFiles& model, JobContext& job) {
    std::vector<NonFiniteCount> counts;
    std::vector<float> buffer;
    std::uint64_t done = 0;
    const auto total = std::max<std::uint64_t>(1, model.totalBytes());
    for (std::size_t i = 0; i < model.tensors().size(); ++i) {
        const auto& tensor = model.tensors()[i];
        if (!traits(tensor.dtype).readable_as_float) continue;
        job.report("Checking " + tensor.name, static_cast<double>(done) / static_cast<double>(total));
        QS_ASSIGN(const auto count, countIn(model, i, buffer, job));
        if (count > 0) counts.push_back({tensor.name, count});
        done += tensor.bytes;
    }
    return counts;
}

}  // namespace quantoscope
