#include <cmath>

#include "core/formats/exports/verify/written_checkpoint.h"

namespace quantoscope::exports {
namespace {

/// Distance between neighbours of the type around `value`.
float step(DType dtype, float value) {
    const int significant = dtype == DType::f16 ? 11 : 8;
    const int lowest = dtype == DType::f16 ? -14 : -126;
    int exponent = 0;
    std::frexp(value, &exponent);  // value = m * 2^exponent, 0.5 <= m < 1
    return std::ldexp(1.0F, std::max(exponent - 1, lowest) - (significant - 1));
}

}  // namespace

bool isRounding(DType dtype, float wanted, float written) {
    if (written == wanted) return true;
    return dtype != DType::f32 && std::fabs(written - wanted) <= 0.5F * step(dtype, wanted);
}

Status verifyDense(const WrittenCheckpoint& written, ExportModel& model, const std::vector<StoredDense>& tensors,
                   const JobContext& job) {
    for (const auto& stored : tensors) {
        const auto& tensor = stored.tensor;
        QS_ASSIGN(const auto bytes, written.bytes(tensor.name, stored.dtype, tensor.shape));
        std::uint64_t done = 0;
        std::vector<float> values;
        const auto compare = [&](std::span<const float> wanted) -> Status {
            values.resize(wanted.size());
            QS_TRY(convertToFloat(stored.dtype, bytes, done, values));
            done += wanted.size();
            for (std::size_t i = 0; i < values.size(); ++i)
                if (stored.exact ? values[i] != wanted[i] : !isRounding(stored.dtype, wanted[i], values[i]))
                    return failure("'" + tensor.name + "' came back from the export with other values");
            return {};
        };
        QS_TRY(forEachChunk(model, tensor, job, compare));
    }
    return {};
}

Status verifyDequantized(const WrittenCheckpoint& written, ExportModel& model, LinearRole role, std::int64_t block,
                         DType dtype) {
    const auto name = linearPath(block, role) + ".weight";
    QS_ASSIGN(const auto* quantized, model.block(block));
    const auto& tensor = quantized->linears[static_cast<std::size_t>(role)];
    Matrix wanted;
    if (tensor) {
        wanted = tensor->dequantize();
    } else {
        QS_ASSIGN(wanted, model.weights().readMatrix(name));
    }
    QS_ASSIGN(const auto values, written.values(name, dtype, {wanted.rows, wanted.columns}));
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!isRounding(dtype, wanted.values[i], values[i]))
            return failure("'" + name + "' came back from the export with other values");
    return {};
}

}  // namespace quantoscope::exports
